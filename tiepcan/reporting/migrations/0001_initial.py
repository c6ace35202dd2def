import django.db.models.deletion
import pgtrigger.compiler
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('reporting', '0001_tables'), ('reporting', '0002_references'), ('reporting', '0003_periodic_reports'), ('reporting', '0004_reminders')]

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '0001_initial'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('plans', '0001_initial'),
        ('units', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='PeriodicReport',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('local_plan', 'Kế hoạch của phường, xã'), ('half_year', 'Báo cáo 6 tháng'), ('year', 'Báo cáo năm'), ('other', 'Việc khác')], max_length=20, verbose_name='loại báo cáo')),
                ('ordinal', models.PositiveSmallIntegerField(default=0, verbose_name='lần bổ sung')),
                ('why', models.CharField(blank=True, max_length=500, verbose_name='lý do bổ sung')),
                ('cut_off', models.DateField(verbose_name='chốt số liệu hết ngày')),
                ('state', models.CharField(choices=[('draft', 'Đang soạn'), ('proposed', 'Chờ lãnh đạo duyệt'), ('submitted', 'Đã nộp, chờ duyệt'), ('returned', 'Bị trả lại'), ('accepted', 'Đã duyệt')], default='draft', max_length=20, verbose_name='tình trạng')),
                ('paper_code', models.CharField(blank=True, max_length=60, verbose_name='số, ký hiệu văn bản')),
                ('content', models.JSONField(null=True, verbose_name='nội dung đã trình')),
                ('digest', models.CharField(blank=True, max_length=64, verbose_name='mã băm nội dung')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='periodic_reports', to='plans.plan', verbose_name='kế hoạch')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='periodic_reports', to='units.unit', verbose_name='đơn vị')),
            ],
            options={
                'verbose_name': 'báo cáo định kỳ',
                'ordering': ['plan', 'unit', 'kind', 'ordinal'],
                'constraints': [models.UniqueConstraint(fields=('plan', 'unit', 'kind', 'ordinal'), name='report_once_for_a_period_and_ordinal'), models.CheckConstraint(condition=models.Q(('kind__in', ['half_year', 'year'])), name='report_is_for_a_period'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'returned']), models.Q(('digest', ''), _negated=True), _connector='OR'), name='what_is_decided_on_has_a_digest')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reporting_periodicreportevent" ("cut_off", "digest", "id", "kind", "ordinal", "paper_code", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "state", "unit_id", "why") VALUES (NEW."cut_off", NEW."digest", NEW."id", NEW."kind", NEW."ordinal", NEW."paper_code", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."plan_id", NEW."state", NEW."unit_id", NEW."why"); RETURN NULL;', hash='9a8f4be9e3053023e3b6e79b6ee15272101aefd7', operation='INSERT', pgid='pgtrigger_insert_insert_3bcc0', table='reporting_periodicreport', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."cut_off" IS DISTINCT FROM (NEW."cut_off") OR OLD."digest" IS DISTINCT FROM (NEW."digest") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."ordinal" IS DISTINCT FROM (NEW."ordinal") OR OLD."paper_code" IS DISTINCT FROM (NEW."paper_code") OR OLD."plan_id" IS DISTINCT FROM (NEW."plan_id") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."unit_id" IS DISTINCT FROM (NEW."unit_id") OR OLD."why" IS DISTINCT FROM (NEW."why"))', func='INSERT INTO "reporting_periodicreportevent" ("cut_off", "digest", "id", "kind", "ordinal", "paper_code", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "state", "unit_id", "why") VALUES (NEW."cut_off", NEW."digest", NEW."id", NEW."kind", NEW."ordinal", NEW."paper_code", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."plan_id", NEW."state", NEW."unit_id", NEW."why"); RETURN NULL;', hash='f2f3bf8751c19f0d088d25cef7c25c100e5362b6', operation='UPDATE', pgid='pgtrigger_update_update_b28ce', table='reporting_periodicreport', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reporting_periodicreportevent" ("cut_off", "digest", "id", "kind", "ordinal", "paper_code", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "state", "unit_id", "why") VALUES (OLD."cut_off", OLD."digest", OLD."id", OLD."kind", OLD."ordinal", OLD."paper_code", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."plan_id", OLD."state", OLD."unit_id", OLD."why"); RETURN NULL;', hash='91064474e8a820ba27454dfc300a50f9cce128fc', operation='DELETE', pgid='pgtrigger_delete_delete_d2b46', table='reporting_periodicreport', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='Part',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=20, verbose_name='mục')),
                ('text', models.TextField(blank=True, verbose_name='nội dung')),
                ('version', models.PositiveIntegerField(default=0, verbose_name='lần sửa')),
                ('at', models.DateTimeField(null=True, verbose_name='sửa lúc')),
                ('by_name', models.CharField(blank=True, max_length=120, verbose_name='người sửa')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='reporting.periodicreport', verbose_name='báo cáo')),
            ],
            options={
                'verbose_name': 'mục của báo cáo',
                'constraints': [models.UniqueConstraint(fields=('report', 'key'), name='heading_once_in_a_report')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reporting_partevent" ("at", "by_name", "id", "key", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "report_id", "text", "version") VALUES (NEW."at", NEW."by_name", NEW."id", NEW."key", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."report_id", NEW."text", NEW."version"); RETURN NULL;', hash='2a241899d1bbb1a45df0e9aeb28417c6a7df23c7', operation='INSERT', pgid='pgtrigger_insert_insert_c249a', table='reporting_part', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "reporting_partevent" ("at", "by_name", "id", "key", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "report_id", "text", "version") VALUES (NEW."at", NEW."by_name", NEW."id", NEW."key", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."report_id", NEW."text", NEW."version"); RETURN NULL;', hash='6fbf95413e2f033a98e2c990bc46e219d16fe784', operation='UPDATE', pgid='pgtrigger_update_update_8ff81', table='reporting_part', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reporting_partevent" ("at", "by_name", "id", "key", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "report_id", "text", "version") VALUES (OLD."at", OLD."by_name", OLD."id", OLD."key", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."report_id", OLD."text", OLD."version"); RETURN NULL;', hash='520077439464e74418567cf470d43c94cdf72200', operation='DELETE', pgid='pgtrigger_delete_delete_79b1c', table='reporting_part', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='ReminderAddress',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='reminder_address', serialize=False, to=settings.AUTH_USER_MODEL, verbose_name='người nhận')),
                ('email', models.EmailField(max_length=200, verbose_name='thư điện tử')),
            ],
            options={
                'verbose_name': 'nơi nhận lời nhắc',
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reporting_reminderaddressevent" ("email", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."email", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."person_id"); RETURN NULL;', hash='59d0ecd016263a0f1f4af6d28383f733e7a1682e', operation='INSERT', pgid='pgtrigger_insert_insert_c05b5', table='reporting_reminderaddress', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "reporting_reminderaddressevent" ("email", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."email", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."person_id"); RETURN NULL;', hash='16495e0c0e1f81c33ce4d6049f772ecc03276ed1', operation='UPDATE', pgid='pgtrigger_update_update_d07f2', table='reporting_reminderaddress', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reporting_reminderaddressevent" ("email", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."email", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."person_id"); RETURN NULL;', hash='9ecc024ea195639f23b33c1ef7d6194691057194', operation='DELETE', pgid='pgtrigger_delete_delete_0a072', table='reporting_reminderaddress', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='ReminderAddressEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('email', models.EmailField(max_length=200, verbose_name='thư điện tử')),
                ('person', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', serialize=False, to=settings.AUTH_USER_MODEL, verbose_name='người nhận')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='reporting.reminderaddress')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b233441e06fab981d4afec2998e1d9a3879fa8ea', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_e3777', table='reporting_reminderaddressevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(verbose_name='ngày')),
                ('lines', models.JSONField(verbose_name='nội dung')),
                ('sent_at', models.DateTimeField(null=True, verbose_name='gửi lúc')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to=settings.AUTH_USER_MODEL, verbose_name='người nhận')),
            ],
            options={
                'verbose_name': 'lời nhắc',
                'ordering': ['-on', 'person'],
                'constraints': [models.UniqueConstraint(fields=('person', 'on'), name='one_message_a_day_for_a_person')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reporting_reminderevent" ("id", "lines", "on", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sent_at") VALUES (NEW."id", NEW."lines", NEW."on", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."sent_at"); RETURN NULL;', hash='89a67a8b0bf838ef8551ad78f112a02d54e1dac3', operation='INSERT', pgid='pgtrigger_insert_insert_84dc4', table='reporting_reminder', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "reporting_reminderevent" ("id", "lines", "on", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sent_at") VALUES (NEW."id", NEW."lines", NEW."on", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."sent_at"); RETURN NULL;', hash='cce2d37220d0757d1ac8bd562f5434f97f33d784', operation='UPDATE', pgid='pgtrigger_update_update_af886', table='reporting_reminder', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reporting_reminderevent" ("id", "lines", "on", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sent_at") VALUES (OLD."id", OLD."lines", OLD."on", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."sent_at"); RETURN NULL;', hash='81c83a6152f1d3094425c7d41cce3c970dfee309', operation='DELETE', pgid='pgtrigger_delete_delete_c3454', table='reporting_reminder', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='ReminderEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('on', models.DateField(verbose_name='ngày')),
                ('lines', models.JSONField(verbose_name='nội dung')),
                ('sent_at', models.DateTimeField(null=True, verbose_name='gửi lúc')),
                ('person', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người nhận')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='reporting.reminder')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='499d70cfaf787dd300cbcdb59c82d78d777c9411', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_694d6', table='reporting_reminderevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.CharField(max_length=20, verbose_name='việc')),
                ('state', models.CharField(choices=[('draft', 'Đang soạn'), ('proposed', 'Chờ lãnh đạo duyệt'), ('submitted', 'Đã nộp, chờ duyệt'), ('returned', 'Bị trả lại'), ('accepted', 'Đã duyệt')], max_length=20, verbose_name='tình trạng sau đó')),
                ('at', models.DateTimeField(verbose_name='lúc')),
                ('by_name', models.CharField(max_length=120, verbose_name='người làm')),
                ('position', models.CharField(blank=True, max_length=120, verbose_name='chức vụ')),
                ('organisation', models.CharField(blank=True, max_length=200, verbose_name='cơ quan')),
                ('reason', models.TextField(blank=True, verbose_name='lý do')),
                ('marks', models.JSONField(default=dict, verbose_name='mục cần sửa')),
                ('content', models.JSONField(null=True, verbose_name='nội dung')),
                ('digest', models.CharField(blank=True, max_length=64, verbose_name='mã băm')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='reporting.periodicreport', verbose_name='báo cáo')),
            ],
            options={
                'verbose_name': 'bước của báo cáo',
                'ordering': ['at', 'pk'],
                'triggers': [pgtrigger.compiler.Trigger(name='step_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='cf1c34f95c3ed291535097782b55154ba77ba854', operation='UPDATE OR DELETE', pgid='pgtrigger_step_stays_fecf0', table='reporting_step', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reporting_stepevent" ("act", "at", "by_name", "content", "digest", "id", "marks", "organisation", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "reason", "report_id", "state") VALUES (NEW."act", NEW."at", NEW."by_name", NEW."content", NEW."digest", NEW."id", NEW."marks", NEW."organisation", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."reason", NEW."report_id", NEW."state"); RETURN NULL;', hash='16b5f288722b29d33bfab13a1e4a072fb2754cf0', operation='INSERT', pgid='pgtrigger_insert_insert_8a388', table='reporting_step', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "reporting_stepevent" ("act", "at", "by_name", "content", "digest", "id", "marks", "organisation", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "reason", "report_id", "state") VALUES (NEW."act", NEW."at", NEW."by_name", NEW."content", NEW."digest", NEW."id", NEW."marks", NEW."organisation", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."reason", NEW."report_id", NEW."state"); RETURN NULL;', hash='48ac803ae61f125142f8fcb6716b293be3c4e6f9', operation='UPDATE', pgid='pgtrigger_update_update_22dc4', table='reporting_step', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reporting_stepevent" ("act", "at", "by_name", "content", "digest", "id", "marks", "organisation", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "reason", "report_id", "state") VALUES (OLD."act", OLD."at", OLD."by_name", OLD."content", OLD."digest", OLD."id", OLD."marks", OLD."organisation", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."reason", OLD."report_id", OLD."state"); RETURN NULL;', hash='80e74621042166ede12b41a1d673988ceab44971', operation='DELETE', pgid='pgtrigger_delete_delete_c1c13', table='reporting_step', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='StepEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('act', models.CharField(max_length=20, verbose_name='việc')),
                ('state', models.CharField(choices=[('draft', 'Đang soạn'), ('proposed', 'Chờ lãnh đạo duyệt'), ('submitted', 'Đã nộp, chờ duyệt'), ('returned', 'Bị trả lại'), ('accepted', 'Đã duyệt')], max_length=20, verbose_name='tình trạng sau đó')),
                ('at', models.DateTimeField(verbose_name='lúc')),
                ('by_name', models.CharField(max_length=120, verbose_name='người làm')),
                ('position', models.CharField(blank=True, max_length=120, verbose_name='chức vụ')),
                ('organisation', models.CharField(blank=True, max_length=200, verbose_name='cơ quan')),
                ('reason', models.TextField(blank=True, verbose_name='lý do')),
                ('marks', models.JSONField(default=dict, verbose_name='mục cần sửa')),
                ('content', models.JSONField(null=True, verbose_name='nội dung')),
                ('digest', models.CharField(blank=True, max_length=64, verbose_name='mã băm')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='reporting.step')),
                ('report', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='reporting.periodicreport', verbose_name='báo cáo')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='0161c3ab1a994c3e39e5bef4da2495ff853a78f9', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_408c0', table='reporting_stepevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('paper_code', models.CharField(max_length=60, verbose_name='số, ký hiệu văn bản')),
                ('handed_in_on', models.DateField(verbose_name='nộp ngày')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='ghi chú')),
                ('by_name', models.CharField(max_length=120, verbose_name='người ghi')),
                ('milestone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='plans.milestone', verbose_name='thời hạn')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='units.unit', verbose_name='phường, xã')),
            ],
            options={
                'verbose_name': 'lượt nộp',
                'ordering': ['handed_in_on'],
                'constraints': [models.UniqueConstraint(fields=('milestone', 'unit'), name='unit_hands_in_once_for_a_date')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reporting_submissionevent" ("by_name", "handed_in_on", "id", "milestone_id", "note", "paper_code", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "unit_id") VALUES (NEW."by_name", NEW."handed_in_on", NEW."id", NEW."milestone_id", NEW."note", NEW."paper_code", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."unit_id"); RETURN NULL;', hash='49dfe6359f4decce582e71ef618bc6dc76af6fe3', operation='INSERT', pgid='pgtrigger_insert_insert_e2487', table='reporting_submission', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "reporting_submissionevent" ("by_name", "handed_in_on", "id", "milestone_id", "note", "paper_code", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "unit_id") VALUES (NEW."by_name", NEW."handed_in_on", NEW."id", NEW."milestone_id", NEW."note", NEW."paper_code", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."unit_id"); RETURN NULL;', hash='e880946b70e1a20646236b1428c262af5d0c1d71', operation='UPDATE', pgid='pgtrigger_update_update_03509', table='reporting_submission', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reporting_submissionevent" ("by_name", "handed_in_on", "id", "milestone_id", "note", "paper_code", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "unit_id") VALUES (OLD."by_name", OLD."handed_in_on", OLD."id", OLD."milestone_id", OLD."note", OLD."paper_code", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."unit_id"); RETURN NULL;', hash='ba5b7ed5147c5c0d25e8c4712f92109e292bd117', operation='DELETE', pgid='pgtrigger_delete_delete_b30f8', table='reporting_submission', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='SubmissionEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('paper_code', models.CharField(max_length=60, verbose_name='số, ký hiệu văn bản')),
                ('handed_in_on', models.DateField(verbose_name='nộp ngày')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='ghi chú')),
                ('by_name', models.CharField(max_length=120, verbose_name='người ghi')),
                ('milestone', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='plans.milestone', verbose_name='thời hạn')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='reporting.submission')),
                ('unit', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='units.unit', verbose_name='phường, xã')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='6605bc4166bd83bf5716fc4875488cefedbb95cb', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_49cdf', table='reporting_submissionevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='ConsolidatedReport',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('as_of', models.DateField(verbose_name='số liệu đến hết ngày')),
                ('figures', models.JSONField(verbose_name='số liệu')),
                ('digest', models.CharField(max_length=64, verbose_name='mã băm số liệu')),
                ('file', models.FileField(upload_to='bao-cao/', verbose_name='tệp')),
                ('made_at', models.DateTimeField(verbose_name='lập lúc')),
                ('by_name', models.CharField(max_length=120, verbose_name='người lập')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='plans.plan', verbose_name='kế hoạch')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='plans.version', verbose_name='bản kế hoạch')),
            ],
            options={
                'verbose_name': 'báo cáo tổng hợp',
                'ordering': ['-made_at'],
                'triggers': [pgtrigger.compiler.Trigger(name='report_is_frozen', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5e6e125de1cdca3e89e06b3ad9c7ec4407a866f2', operation='UPDATE OR DELETE', pgid='pgtrigger_report_is_frozen_2819b', table='reporting_consolidatedreport', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reporting_consolidatedreportevent" ("as_of", "by_name", "digest", "file", "id", "made_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "version_id") VALUES (NEW."as_of", NEW."by_name", NEW."digest", NEW."file", NEW."id", NEW."made_at", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."plan_id", NEW."version_id"); RETURN NULL;', hash='ab5bada732afeedafdff04562ac9c6ca3f32e7af', operation='INSERT', pgid='pgtrigger_insert_insert_1da96', table='reporting_consolidatedreport', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."as_of" IS DISTINCT FROM (NEW."as_of") OR OLD."by_name" IS DISTINCT FROM (NEW."by_name") OR OLD."digest" IS DISTINCT FROM (NEW."digest") OR OLD."file" IS DISTINCT FROM (NEW."file") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."made_at" IS DISTINCT FROM (NEW."made_at") OR OLD."plan_id" IS DISTINCT FROM (NEW."plan_id") OR OLD."version_id" IS DISTINCT FROM (NEW."version_id"))', func='INSERT INTO "reporting_consolidatedreportevent" ("as_of", "by_name", "digest", "file", "id", "made_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "version_id") VALUES (NEW."as_of", NEW."by_name", NEW."digest", NEW."file", NEW."id", NEW."made_at", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."plan_id", NEW."version_id"); RETURN NULL;', hash='c9b63ce5fadd0858ce4fdfef8842244481c6c642', operation='UPDATE', pgid='pgtrigger_update_update_14592', table='reporting_consolidatedreport', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reporting_consolidatedreportevent" ("as_of", "by_name", "digest", "file", "id", "made_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "version_id") VALUES (OLD."as_of", OLD."by_name", OLD."digest", OLD."file", OLD."id", OLD."made_at", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."plan_id", OLD."version_id"); RETURN NULL;', hash='118d0c58ffc9ecf1549552d4756215c6e254d012', operation='DELETE', pgid='pgtrigger_delete_delete_fcf99', table='reporting_consolidatedreport', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='ConsolidatedReportEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                ('as_of', models.DateField(verbose_name='số liệu đến hết ngày')),
                ('digest', models.CharField(max_length=64, verbose_name='mã băm số liệu')),
                ('file', models.FileField(upload_to='bao-cao/', verbose_name='tệp')),
                ('made_at', models.DateTimeField(verbose_name='lập lúc')),
                ('by_name', models.CharField(max_length=120, verbose_name='người lập')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='reporting.consolidatedreport')),
                ('plan', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='plans.plan', verbose_name='kế hoạch')),
                ('version', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='plans.version', verbose_name='bản kế hoạch')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='66204c85513913837edca8ae5e7ee294da68e781', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_13e52', table='reporting_consolidatedreportevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='PartEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('key', models.CharField(max_length=20, verbose_name='mục')),
                ('text', models.TextField(blank=True, verbose_name='nội dung')),
                ('version', models.PositiveIntegerField(default=0, verbose_name='lần sửa')),
                ('at', models.DateTimeField(null=True, verbose_name='sửa lúc')),
                ('by_name', models.CharField(blank=True, max_length=120, verbose_name='người sửa')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='reporting.part')),
                ('report', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='reporting.periodicreport', verbose_name='báo cáo')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='00c0abb6d6716d686ae4bc685fc1702cffabb3f3', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_9121f', table='reporting_partevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='PeriodicReportEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                ('kind', models.CharField(choices=[('local_plan', 'Kế hoạch của phường, xã'), ('half_year', 'Báo cáo 6 tháng'), ('year', 'Báo cáo năm'), ('other', 'Việc khác')], max_length=20, verbose_name='loại báo cáo')),
                ('ordinal', models.PositiveSmallIntegerField(default=0, verbose_name='lần bổ sung')),
                ('why', models.CharField(blank=True, max_length=500, verbose_name='lý do bổ sung')),
                ('cut_off', models.DateField(verbose_name='chốt số liệu hết ngày')),
                ('state', models.CharField(choices=[('draft', 'Đang soạn'), ('proposed', 'Chờ lãnh đạo duyệt'), ('submitted', 'Đã nộp, chờ duyệt'), ('returned', 'Bị trả lại'), ('accepted', 'Đã duyệt')], default='draft', max_length=20, verbose_name='tình trạng')),
                ('paper_code', models.CharField(blank=True, max_length=60, verbose_name='số, ký hiệu văn bản')),
                ('digest', models.CharField(blank=True, max_length=64, verbose_name='mã băm nội dung')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='reporting.periodicreport')),
                ('plan', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='plans.plan', verbose_name='kế hoạch')),
                ('unit', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='units.unit', verbose_name='đơn vị')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e03000cbe9871b019d1926812ab208fabda37bf2', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_2d8f4', table='reporting_periodicreportevent', when='BEFORE'))],
            },
        ),
    ]
