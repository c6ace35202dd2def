from django.urls import URLPattern, path

from tiepcan.households import views


def routes(*, story_of: views.StoryOf) -> list[URLPattern]:
    """The addresses of this room, with what rooms above it fill in."""
    return [
        path("ho-ngheo/", views.households, name="households"),
        path("ho-ngheo/them/", views.add, name="add"),
        path("ho-ngheo/<uuid:pk>/", views.household(story_of), name="household"),
        path("ho-ngheo/<uuid:pk>/sua/", views.edit, name="edit"),
        path("ho-ngheo/<uuid:pk>/ra-soat/", views.review, name="review"),
        path("ho-ngheo/<uuid:pk>/lich-su/", views.history, name="history"),
    ]
