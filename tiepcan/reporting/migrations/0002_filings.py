import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
        ('plans', '0001_initial'),
        ('reporting', '0001_initial'),
        ('standards', '0001_initial'),
        ('units', '0001_initial'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='periodicreport',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='periodicreport',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='periodicreport',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='periodicreportevent',
            name='append_only',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='part',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='part',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='part',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='step',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='step',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='step',
            name='delete_delete',
        ),
        migrations.RenameModel(
            old_name='PeriodicReport',
            new_name='Filing',
        ),
        migrations.RenameModel(
            old_name='PeriodicReportEvent',
            new_name='FilingEvent',
        ),
        migrations.RenameField(
            model_name='Part',
            old_name='report',
            new_name='filing',
        ),
        migrations.RenameField(
            model_name='PartEvent',
            old_name='report',
            new_name='filing',
        ),
        migrations.RenameField(
            model_name='Step',
            old_name='report',
            new_name='filing',
        ),
        migrations.RenameField(
            model_name='StepEvent',
            old_name='report',
            new_name='filing',
        ),
        migrations.AlterModelOptions(
            name='filing',
            options={'ordering': ['plan', 'unit', 'kind', 'ordinal'], 'verbose_name': 'văn bản nộp theo hạn'},
        ),
        migrations.AlterModelOptions(
            name='step',
            options={'ordering': ['at', 'pk'], 'verbose_name': 'bước xử lý'},
        ),
        migrations.RemoveConstraint(
            model_name='filing',
            name='report_once_for_a_period_and_ordinal',
        ),
        migrations.RemoveConstraint(
            model_name='filing',
            name='report_is_for_a_period',
        ),
        migrations.RemoveConstraint(
            model_name='part',
            name='heading_once_in_a_report',
        ),
        migrations.AlterField(
            model_name='filing',
            name='kind',
            field=models.CharField(choices=[('local_plan', 'Kế hoạch của phường, xã'), ('half_year', 'Báo cáo 6 tháng'), ('year', 'Báo cáo năm'), ('other', 'Việc khác')], max_length=20, verbose_name='loại văn bản'),
        ),
        migrations.AlterField(
            model_name='filing',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='filings', to='plans.plan', verbose_name='kế hoạch'),
        ),
        migrations.AlterField(
            model_name='filing',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='filings', to='units.unit', verbose_name='đơn vị'),
        ),
        migrations.AlterField(
            model_name='filingevent',
            name='kind',
            field=models.CharField(choices=[('local_plan', 'Kế hoạch của phường, xã'), ('half_year', 'Báo cáo 6 tháng'), ('year', 'Báo cáo năm'), ('other', 'Việc khác')], max_length=20, verbose_name='loại văn bản'),
        ),
        migrations.AlterField(
            model_name='step',
            name='filing',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='reporting.filing', verbose_name='văn bản'),
        ),
        migrations.AlterField(
            model_name='stepevent',
            name='filing',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='reporting.filing', verbose_name='văn bản'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='filing',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reporting_filingevent" ("cut_off", "digest", "id", "kind", "ordinal", "paper_code", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "state", "unit_id", "why") VALUES (NEW."cut_off", NEW."digest", NEW."id", NEW."kind", NEW."ordinal", NEW."paper_code", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."plan_id", NEW."state", NEW."unit_id", NEW."why"); RETURN NULL;', hash='96cf93967fee2fabfef39ec1993301180e314e83', operation='INSERT', pgid='pgtrigger_insert_insert_9aca5', table='reporting_filing', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='filing',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."cut_off" IS DISTINCT FROM (NEW."cut_off") OR OLD."digest" IS DISTINCT FROM (NEW."digest") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."ordinal" IS DISTINCT FROM (NEW."ordinal") OR OLD."paper_code" IS DISTINCT FROM (NEW."paper_code") OR OLD."plan_id" IS DISTINCT FROM (NEW."plan_id") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."unit_id" IS DISTINCT FROM (NEW."unit_id") OR OLD."why" IS DISTINCT FROM (NEW."why"))', func='INSERT INTO "reporting_filingevent" ("cut_off", "digest", "id", "kind", "ordinal", "paper_code", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "state", "unit_id", "why") VALUES (NEW."cut_off", NEW."digest", NEW."id", NEW."kind", NEW."ordinal", NEW."paper_code", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."plan_id", NEW."state", NEW."unit_id", NEW."why"); RETURN NULL;', hash='5e872b58bb7339d1d6e7719cc10261110e9e5e3e', operation='UPDATE', pgid='pgtrigger_update_update_21fe6', table='reporting_filing', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='filing',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reporting_filingevent" ("cut_off", "digest", "id", "kind", "ordinal", "paper_code", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "state", "unit_id", "why") VALUES (OLD."cut_off", OLD."digest", OLD."id", OLD."kind", OLD."ordinal", OLD."paper_code", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."plan_id", OLD."state", OLD."unit_id", OLD."why"); RETURN NULL;', hash='a7041d571b3004668fee0d040f899c93dc543ac2', operation='DELETE', pgid='pgtrigger_delete_delete_76ed4', table='reporting_filing', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='filingevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='80dbc4aae43a8c3ee762cfa310cce2f87135f0ae', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_44136', table='reporting_filingevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='part',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reporting_partevent" ("at", "by_name", "filing_id", "id", "key", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text", "version") VALUES (NEW."at", NEW."by_name", NEW."filing_id", NEW."id", NEW."key", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."text", NEW."version"); RETURN NULL;', hash='8ee65b4ceadf14f18e8de245b19c21260a195649', operation='INSERT', pgid='pgtrigger_insert_insert_c249a', table='reporting_part', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='part',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "reporting_partevent" ("at", "by_name", "filing_id", "id", "key", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text", "version") VALUES (NEW."at", NEW."by_name", NEW."filing_id", NEW."id", NEW."key", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."text", NEW."version"); RETURN NULL;', hash='859ea8ff835edf5c4e013e6e82d987bc7bb74bc1', operation='UPDATE', pgid='pgtrigger_update_update_8ff81', table='reporting_part', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='part',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reporting_partevent" ("at", "by_name", "filing_id", "id", "key", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text", "version") VALUES (OLD."at", OLD."by_name", OLD."filing_id", OLD."id", OLD."key", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."text", OLD."version"); RETURN NULL;', hash='4dbf4d5fb7cc395ac3ef0ea449196affb8bd7d59', operation='DELETE', pgid='pgtrigger_delete_delete_79b1c', table='reporting_part', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='step',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reporting_stepevent" ("act", "at", "by_name", "content", "digest", "filing_id", "id", "marks", "organisation", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "reason", "state") VALUES (NEW."act", NEW."at", NEW."by_name", NEW."content", NEW."digest", NEW."filing_id", NEW."id", NEW."marks", NEW."organisation", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."reason", NEW."state"); RETURN NULL;', hash='34c59168d9c08a7270701e6783968ad715b48fec', operation='INSERT', pgid='pgtrigger_insert_insert_8a388', table='reporting_step', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='step',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "reporting_stepevent" ("act", "at", "by_name", "content", "digest", "filing_id", "id", "marks", "organisation", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "reason", "state") VALUES (NEW."act", NEW."at", NEW."by_name", NEW."content", NEW."digest", NEW."filing_id", NEW."id", NEW."marks", NEW."organisation", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."reason", NEW."state"); RETURN NULL;', hash='a2ccb60870a5f36b58bb2f5488d848134975c764', operation='UPDATE', pgid='pgtrigger_update_update_22dc4', table='reporting_step', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='step',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reporting_stepevent" ("act", "at", "by_name", "content", "digest", "filing_id", "id", "marks", "organisation", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "reason", "state") VALUES (OLD."act", OLD."at", OLD."by_name", OLD."content", OLD."digest", OLD."filing_id", OLD."id", OLD."marks", OLD."organisation", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."reason", OLD."state"); RETURN NULL;', hash='14f7fce76f378164c14e9af69fadf6fb754f0f99', operation='DELETE', pgid='pgtrigger_delete_delete_c1c13', table='reporting_step', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='filing',
            constraint=models.UniqueConstraint(fields=('plan', 'unit', 'kind', 'ordinal'), name='filed_once_for_a_date_and_ordinal'),
        ),
        migrations.AddConstraint(
            model_name='filing',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['local_plan', 'half_year', 'year'])), name='filing_is_for_a_date'),
        ),
        migrations.AddConstraint(
            model_name='part',
            constraint=models.UniqueConstraint(fields=('filing', 'key'), name='heading_once_in_a_report'),
        ),
        migrations.CreateModel(
            name='PlanLine',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('own', models.CharField(blank=True, max_length=500, verbose_name='việc riêng')),
                ('who', models.CharField(blank=True, max_length=200, verbose_name='ai làm')),
                ('when', models.CharField(blank=True, max_length=200, verbose_name='khi nào')),
                ('money', models.PositiveBigIntegerField(help_text='Đồng.', null=True, verbose_name='kinh phí')),
                ('source', models.CharField(blank=True, max_length=300, verbose_name='nguồn lực')),
                ('version', models.PositiveIntegerField(default=0, verbose_name='lần sửa')),
                ('at', models.DateTimeField(null=True, verbose_name='sửa lúc')),
                ('by_name', models.CharField(blank=True, max_length=120, verbose_name='người sửa')),
                ('duty', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='plan_lines', to='plans.duty', verbose_name='nhiệm vụ')),
                ('filing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='reporting.filing', verbose_name='kế hoạch')),
                ('indicator', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='plan_lines', to='standards.indicator', verbose_name='chỉ tiêu')),
            ],
            options={
                'verbose_name': 'dòng kế hoạch',
                'ordering': ['at', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('duty', None), ('indicator__isnull', False), ('own', '')), models.Q(('duty__isnull', False), ('indicator', None), ('own', '')), models.Q(('duty', None), ('indicator', None), models.Q(('own', ''), _negated=True)), _connector='OR'), name='plan_line_answers_one_thing'), models.UniqueConstraint(fields=('filing', 'indicator'), name='plan_line_once_for_a_target'), models.UniqueConstraint(fields=('filing', 'duty'), name='plan_line_once_for_a_duty')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reporting_planlineevent" ("at", "by_name", "duty_id", "filing_id", "id", "indicator_id", "money", "own", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "version", "when", "who") VALUES (NEW."at", NEW."by_name", NEW."duty_id", NEW."filing_id", NEW."id", NEW."indicator_id", NEW."money", NEW."own", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."source", NEW."version", NEW."when", NEW."who"); RETURN NULL;', hash='2b8cd8a72031eab20881ce0b4786ceca98a0558f', operation='INSERT', pgid='pgtrigger_insert_insert_04021', table='reporting_planline', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "reporting_planlineevent" ("at", "by_name", "duty_id", "filing_id", "id", "indicator_id", "money", "own", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "version", "when", "who") VALUES (NEW."at", NEW."by_name", NEW."duty_id", NEW."filing_id", NEW."id", NEW."indicator_id", NEW."money", NEW."own", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."source", NEW."version", NEW."when", NEW."who"); RETURN NULL;', hash='45dd31542ed91367431552669e920e5b2904b533', operation='UPDATE', pgid='pgtrigger_update_update_caf82', table='reporting_planline', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reporting_planlineevent" ("at", "by_name", "duty_id", "filing_id", "id", "indicator_id", "money", "own", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "version", "when", "who") VALUES (OLD."at", OLD."by_name", OLD."duty_id", OLD."filing_id", OLD."id", OLD."indicator_id", OLD."money", OLD."own", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."source", OLD."version", OLD."when", OLD."who"); RETURN NULL;', hash='5651b28544fc9421d22dc2edf49ea316715bf60f', operation='DELETE', pgid='pgtrigger_delete_delete_9508e', table='reporting_planline', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='PlanLineEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                ('own', models.CharField(blank=True, max_length=500, verbose_name='việc riêng')),
                ('who', models.CharField(blank=True, max_length=200, verbose_name='ai làm')),
                ('when', models.CharField(blank=True, max_length=200, verbose_name='khi nào')),
                ('money', models.PositiveBigIntegerField(help_text='Đồng.', null=True, verbose_name='kinh phí')),
                ('source', models.CharField(blank=True, max_length=300, verbose_name='nguồn lực')),
                ('version', models.PositiveIntegerField(default=0, verbose_name='lần sửa')),
                ('at', models.DateTimeField(null=True, verbose_name='sửa lúc')),
                ('by_name', models.CharField(blank=True, max_length=120, verbose_name='người sửa')),
                ('duty', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='plans.duty', verbose_name='nhiệm vụ')),
                ('filing', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='reporting.filing', verbose_name='kế hoạch')),
                ('indicator', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='standards.indicator', verbose_name='chỉ tiêu')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='reporting.planline')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='067596b62235e65592f36e6cadb3be676a1335db', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_1d2db', table='reporting_planlineevent', when='BEFORE'))],
            },
        ),
    ]
