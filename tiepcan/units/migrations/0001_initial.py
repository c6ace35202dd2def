import django.db.models.deletion
import pgtrigger.compiler
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('units', '0001_tables')]

    initial = True

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.SlugField(max_length=80, primary_key=True, serialize=False, verbose_name='mã')),
                ('code', models.CharField(max_length=10, verbose_name='mã thống kê')),
                ('kind', models.CharField(choices=[('tinh', 'Tỉnh'), ('thanh_pho', 'Thành phố'), ('phuong', 'Phường'), ('xa', 'Xã')], max_length=10, verbose_name='loại')),
                ('name', models.CharField(max_length=100, verbose_name='tên')),
                ('path', models.CharField(help_text="Keys from the top down, each ended by '/'.", max_length=400, unique=True)),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='từ ngày')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến trước ngày')),
                ('made_by', models.CharField(blank=True, max_length=100, verbose_name='văn bản lập')),
                ('ended_by', models.CharField(blank=True, max_length=100, verbose_name='văn bản kết thúc')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='units.unit', verbose_name='cấp trên')),
            ],
            options={
                'verbose_name': 'đơn vị hành chính',
                'indexes': [models.Index(fields=['path'], name='unit_by_path', opclasses=['varchar_pattern_ops'])],
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_from', None), ('valid_to', None), ('valid_from__lt', models.F('valid_to')), _connector='OR'), name='unit_ends_after_it_began')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "units_unitevent" ("code", "ended_by", "id", "kind", "made_by", "name", "parent_id", "path", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valid_from", "valid_to") VALUES (NEW."code", NEW."ended_by", NEW."id", NEW."kind", NEW."made_by", NEW."name", NEW."parent_id", NEW."path", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='553cdca600ab7e8e4d154dcede96d01f1d5109f0', operation='INSERT', pgid='pgtrigger_insert_insert_fb1f3', table='units_unit', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "units_unitevent" ("code", "ended_by", "id", "kind", "made_by", "name", "parent_id", "path", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valid_from", "valid_to") VALUES (NEW."code", NEW."ended_by", NEW."id", NEW."kind", NEW."made_by", NEW."name", NEW."parent_id", NEW."path", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='8772d27ca814494663726e69920e019284003fe9', operation='UPDATE', pgid='pgtrigger_update_update_727f7', table='units_unit', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "units_unitevent" ("code", "ended_by", "id", "kind", "made_by", "name", "parent_id", "path", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valid_from", "valid_to") VALUES (OLD."code", OLD."ended_by", OLD."id", OLD."kind", OLD."made_by", OLD."name", OLD."parent_id", OLD."path", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."valid_from", OLD."valid_to"); RETURN NULL;', hash='5c561b4351a8cf75166a249214d7aa18af687514', operation='DELETE', pgid='pgtrigger_delete_delete_ebb8b', table='units_unit', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='Succession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('successor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='origins', to='units.unit', verbose_name='đơn vị kế tục')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='successions', to='units.unit', verbose_name='đơn vị cũ')),
            ],
            options={
                'verbose_name': 'kế tục đơn vị',
                'constraints': [models.UniqueConstraint(fields=('unit', 'successor'), name='unit_has_a_successor_once'), models.CheckConstraint(condition=models.Q(('unit', models.F('successor')), _negated=True), name='unit_does_not_succeed_itself')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "units_successionevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "successor_id", "unit_id") VALUES (NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."successor_id", NEW."unit_id"); RETURN NULL;', hash='957610dae4d273bbc87143b2e1dfd06d8750bf84', operation='INSERT', pgid='pgtrigger_insert_insert_288be', table='units_succession', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "units_successionevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "successor_id", "unit_id") VALUES (NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."successor_id", NEW."unit_id"); RETURN NULL;', hash='d7c38ee8c206f895256ddd5f922e3a21b18c6e25', operation='UPDATE', pgid='pgtrigger_update_update_abf88', table='units_succession', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "units_successionevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "successor_id", "unit_id") VALUES (OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."successor_id", OLD."unit_id"); RETURN NULL;', hash='b4326f5498895a87a02fc2312bc7afa587391031', operation='DELETE', pgid='pgtrigger_delete_delete_7b194', table='units_succession', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='SuccessionEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='units.succession')),
                ('successor', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='units.unit', verbose_name='đơn vị kế tục')),
                ('unit', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='units.unit', verbose_name='đơn vị cũ')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d4a8a5de0a011e4ea7ac50f4772ce1f4130ce8e7', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_aafc3', table='units_successionevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='UnitEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.SlugField(db_index=False, max_length=80, serialize=False, verbose_name='mã')),
                ('code', models.CharField(max_length=10, verbose_name='mã thống kê')),
                ('kind', models.CharField(choices=[('tinh', 'Tỉnh'), ('thanh_pho', 'Thành phố'), ('phuong', 'Phường'), ('xa', 'Xã')], max_length=10, verbose_name='loại')),
                ('name', models.CharField(max_length=100, verbose_name='tên')),
                ('path', models.CharField(help_text="Keys from the top down, each ended by '/'.", max_length=400)),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='từ ngày')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến trước ngày')),
                ('made_by', models.CharField(blank=True, max_length=100, verbose_name='văn bản lập')),
                ('ended_by', models.CharField(blank=True, max_length=100, verbose_name='văn bản kết thúc')),
                ('parent', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='units.unit', verbose_name='cấp trên')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='units.unit')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='df3d2709dc4d87fbf17ec048a9e6cb98623d0472', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_19655', table='units_unitevent', when='BEFORE'))],
            },
        ),
    ]
