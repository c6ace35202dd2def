import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The table of lacks goes: reviews have them, and each has its unit."""

    dependencies = [("households", "0005_lacks_move_into_reviews"), ("units", "0001_tables")]

    operations = [
        migrations.DeleteModel(name="LackEvent"),
        migrations.DeleteModel(name="Lack"),
        migrations.AlterField(
            model_name="review",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reviews",
                to="units.unit",
                verbose_name="phường, xã rà soát",
            ),
        ),
        migrations.AlterField(
            model_name="reviewevent",
            name="unit",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="units.unit",
                verbose_name="phường, xã rà soát",
            ),
        ),
    ]
