import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('verification', '0001_tables')]

    initial = True

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
        ('plans', '0001_initial'),
        ('supports', '0001_initial'),
        ('units', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Round',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=120, verbose_name='tên đợt')),
                ('as_of', models.DateField(verbose_name='chốt số liệu hết ngày')),
                ('ends_on', models.DateField(verbose_name='kết thúc đợt')),
                ('seed', models.CharField(max_length=200, verbose_name='hạt giống')),
                ('seed_origin', models.CharField(max_length=300, verbose_name='hạt giống lấy từ đâu')),
                ('announced_on', models.DateField(verbose_name='ngày công bố hạt giống')),
                ('announced_by', models.CharField(max_length=120, verbose_name='người công bố')),
                ('drawn_at', models.DateTimeField(null=True, verbose_name='rút mẫu lúc')),
                ('frozen', models.JSONField(help_text='What the first office signed; nothing of the round changes after.', null=True, verbose_name='số liệu đã ký')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rounds', to='plans.plan', verbose_name='kế hoạch')),
            ],
            options={
                'verbose_name': 'đợt xác minh',
                'ordering': ['-as_of'],
                'constraints': [models.UniqueConstraint(fields=('plan', 'as_of'), name='plan_is_verified_once_as_of_a_day'), models.CheckConstraint(condition=models.Q(('announced_on__lte', models.F('as_of'))), name='seed_is_announced_before_the_day_is_over'), models.CheckConstraint(condition=models.Q(('ends_on__gt', models.F('as_of'))), name='round_ends_after_its_day')],
                'triggers': [pgtrigger.compiler.Trigger(name='round_is_never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='756e47aca9344de896143fd0c90aaf4f65e60f36', operation='DELETE', pgid='pgtrigger_round_is_never_deleted_37a32', table='verification_round', when='BEFORE')), pgtrigger.compiler.Trigger(name='seed_never_changes', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."announced_by" IS DISTINCT FROM (NEW."announced_by") OR OLD."announced_on" IS DISTINCT FROM (NEW."announced_on") OR OLD."as_of" IS DISTINCT FROM (NEW."as_of") OR OLD."plan_id" IS DISTINCT FROM (NEW."plan_id") OR OLD."seed" IS DISTINCT FROM (NEW."seed") OR OLD."seed_origin" IS DISTINCT FROM (NEW."seed_origin"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='4b05ee05afb7b3417e176e2e2eee483b2c7fb54b', operation='UPDATE', pgid='pgtrigger_seed_never_changes_d24b3', table='verification_round', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "verification_roundevent" ("announced_by", "announced_on", "as_of", "drawn_at", "ends_on", "frozen", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "seed", "seed_origin") VALUES (NEW."announced_by", NEW."announced_on", NEW."as_of", NEW."drawn_at", NEW."ends_on", NEW."frozen", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."plan_id", NEW."seed", NEW."seed_origin"); RETURN NULL;', hash='23b0fff9319dc8f90e6ce578720d4e453871ce03', operation='INSERT', pgid='pgtrigger_insert_insert_1b20f', table='verification_round', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "verification_roundevent" ("announced_by", "announced_on", "as_of", "drawn_at", "ends_on", "frozen", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "seed", "seed_origin") VALUES (NEW."announced_by", NEW."announced_on", NEW."as_of", NEW."drawn_at", NEW."ends_on", NEW."frozen", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."plan_id", NEW."seed", NEW."seed_origin"); RETURN NULL;', hash='9d08e4a46aa09947227cc778d8a903b0a314dba8', operation='UPDATE', pgid='pgtrigger_update_update_c70c5', table='verification_round', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "verification_roundevent" ("announced_by", "announced_on", "as_of", "drawn_at", "ends_on", "frozen", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "seed", "seed_origin") VALUES (OLD."announced_by", OLD."announced_on", OLD."as_of", OLD."drawn_at", OLD."ends_on", OLD."frozen", OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."plan_id", OLD."seed", OLD."seed_origin"); RETURN NULL;', hash='cae29ffbc6af95a1b34b53bd0a62d3b4737ff693', operation='DELETE', pgid='pgtrigger_delete_delete_e7d1f', table='verification_round', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='RoundEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                ('name', models.CharField(max_length=120, verbose_name='tên đợt')),
                ('as_of', models.DateField(verbose_name='chốt số liệu hết ngày')),
                ('ends_on', models.DateField(verbose_name='kết thúc đợt')),
                ('seed', models.CharField(max_length=200, verbose_name='hạt giống')),
                ('seed_origin', models.CharField(max_length=300, verbose_name='hạt giống lấy từ đâu')),
                ('announced_on', models.DateField(verbose_name='ngày công bố hạt giống')),
                ('announced_by', models.CharField(max_length=120, verbose_name='người công bố')),
                ('drawn_at', models.DateTimeField(null=True, verbose_name='rút mẫu lúc')),
                ('frozen', models.JSONField(help_text='What the first office signed; nothing of the round changes after.', null=True, verbose_name='số liệu đã ký')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='verification.round')),
                ('plan', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='plans.plan', verbose_name='kế hoạch')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='305b07837dd7134f470939f078783dae85304f5f', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b06c2', table='verification_roundevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='Sampled',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit_code', models.CharField(max_length=10, verbose_name='mã đơn vị')),
                ('indicator_key', models.CharField(max_length=50, verbose_name='chỉ số')),
                ('household_code', models.CharField(max_length=30, verbose_name='số hồ sơ')),
                ('digest', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('place', models.PositiveSmallIntegerField(verbose_name='thứ tự trong tầng')),
                ('is_drawn', models.BooleanField(verbose_name='được rút')),
                ('outcome', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sampled', to='supports.outcome', verbose_name='kết quả')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sample', to='verification.round', verbose_name='đợt')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit', verbose_name='phường, xã')),
            ],
            options={
                'verbose_name': 'kết quả trong đợt',
                'ordering': ['unit_code', 'indicator_key', 'place'],
                'constraints': [models.UniqueConstraint(fields=('round', 'outcome'), name='outcome_once_in_a_round'), models.UniqueConstraint(fields=('round', 'unit_code', 'indicator_key', 'place'), name='one_at_a_place_of_a_stratum')],
                'triggers': [pgtrigger.compiler.Trigger(name='sample_is_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='7ecae93a4e21a0a99bd73240b3a5d7cf62d8b48f', operation='UPDATE OR DELETE', pgid='pgtrigger_sample_is_kept_0657a', table='verification_sampled', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "verification_sampledevent" ("digest", "household_code", "id", "indicator_key", "is_drawn", "outcome_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "round_id", "unit_code", "unit_id") VALUES (NEW."digest", NEW."household_code", NEW."id", NEW."indicator_key", NEW."is_drawn", NEW."outcome_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."place", NEW."round_id", NEW."unit_code", NEW."unit_id"); RETURN NULL;', hash='4a6d222d78f544b22282a8718fadcee634aa9ad7', operation='INSERT', pgid='pgtrigger_insert_insert_13bd5', table='verification_sampled', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "verification_sampledevent" ("digest", "household_code", "id", "indicator_key", "is_drawn", "outcome_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "round_id", "unit_code", "unit_id") VALUES (NEW."digest", NEW."household_code", NEW."id", NEW."indicator_key", NEW."is_drawn", NEW."outcome_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."place", NEW."round_id", NEW."unit_code", NEW."unit_id"); RETURN NULL;', hash='0dcc10f2034dc492f84be5a74dd34605a1aabaa5', operation='UPDATE', pgid='pgtrigger_update_update_3d456', table='verification_sampled', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "verification_sampledevent" ("digest", "household_code", "id", "indicator_key", "is_drawn", "outcome_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "round_id", "unit_code", "unit_id") VALUES (OLD."digest", OLD."household_code", OLD."id", OLD."indicator_key", OLD."is_drawn", OLD."outcome_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."place", OLD."round_id", OLD."unit_code", OLD."unit_id"); RETURN NULL;', hash='9c00edc695f24bb54670fbc1d107fad5dc7466c2', operation='DELETE', pgid='pgtrigger_delete_delete_d63bf', table='verification_sampled', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='SampledEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('unit_code', models.CharField(max_length=10, verbose_name='mã đơn vị')),
                ('indicator_key', models.CharField(max_length=50, verbose_name='chỉ số')),
                ('household_code', models.CharField(max_length=30, verbose_name='số hồ sơ')),
                ('digest', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('place', models.PositiveSmallIntegerField(verbose_name='thứ tự trong tầng')),
                ('is_drawn', models.BooleanField(verbose_name='được rút')),
                ('outcome', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='supports.outcome', verbose_name='kết quả')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='verification.sampled')),
                ('round', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='verification.round', verbose_name='đợt')),
                ('unit', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='units.unit', verbose_name='phường, xã')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ed9cce8603428f9c68953b9d6b1d7147f5e8275d', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_4dd95', table='verification_sampledevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='Signed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('committee', 'UBND ban hành kế hoạch'), ('culture', 'Phòng Văn hóa Thông tin'), ('labour', 'Phòng Lao động, Thương binh và Xã hội'), ('station', 'Đài Truyền thanh – Truyền hình'), ('office', 'Văn phòng HĐND và UBND'), ('company', 'Doanh nghiệp viễn thông, truyền hình'), ('local', 'UBND phường, xã'), ('department', 'Sở, ngành cấp trên')], max_length=20, verbose_name='cơ quan')),
                ('organisation', models.CharField(max_length=200, verbose_name='tên cơ quan')),
                ('position', models.CharField(blank=True, max_length=120, verbose_name='chức vụ')),
                ('by_name', models.CharField(max_length=120, verbose_name='người ký')),
                ('at', models.DateTimeField(verbose_name='ký lúc')),
                ('digest', models.CharField(max_length=64, verbose_name='mã băm số liệu')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='verification.round', verbose_name='đợt')),
            ],
            options={
                'verbose_name': 'chữ ký biên bản xác minh',
                'ordering': ['at'],
                'constraints': [models.UniqueConstraint(fields=('round', 'kind'), name='office_signs_a_round_once')],
                'triggers': [pgtrigger.compiler.Trigger(name='signature_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='3aa9d42c1ae706be05e7a06536f6ba7bd9a95594', operation='UPDATE OR DELETE', pgid='pgtrigger_signature_stays_0a873', table='verification_signed', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "verification_signedevent" ("at", "by_name", "digest", "id", "kind", "organisation", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "round_id") VALUES (NEW."at", NEW."by_name", NEW."digest", NEW."id", NEW."kind", NEW."organisation", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."round_id"); RETURN NULL;', hash='fba2b29c2c0da23167ce8c2effc50980aa9a7ac3', operation='INSERT', pgid='pgtrigger_insert_insert_b05b1', table='verification_signed', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "verification_signedevent" ("at", "by_name", "digest", "id", "kind", "organisation", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "round_id") VALUES (NEW."at", NEW."by_name", NEW."digest", NEW."id", NEW."kind", NEW."organisation", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."round_id"); RETURN NULL;', hash='744173b2ae119034a5e39b8849f4bc0d149bacc4', operation='UPDATE', pgid='pgtrigger_update_update_cb24c', table='verification_signed', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "verification_signedevent" ("at", "by_name", "digest", "id", "kind", "organisation", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "round_id") VALUES (OLD."at", OLD."by_name", OLD."digest", OLD."id", OLD."kind", OLD."organisation", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."round_id"); RETURN NULL;', hash='e1fc3506f08205259b67eb2a62437b3bd5c6ff08', operation='DELETE', pgid='pgtrigger_delete_delete_a71d2', table='verification_signed', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='SignedEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('committee', 'UBND ban hành kế hoạch'), ('culture', 'Phòng Văn hóa Thông tin'), ('labour', 'Phòng Lao động, Thương binh và Xã hội'), ('station', 'Đài Truyền thanh – Truyền hình'), ('office', 'Văn phòng HĐND và UBND'), ('company', 'Doanh nghiệp viễn thông, truyền hình'), ('local', 'UBND phường, xã'), ('department', 'Sở, ngành cấp trên')], max_length=20, verbose_name='cơ quan')),
                ('organisation', models.CharField(max_length=200, verbose_name='tên cơ quan')),
                ('position', models.CharField(blank=True, max_length=120, verbose_name='chức vụ')),
                ('by_name', models.CharField(max_length=120, verbose_name='người ký')),
                ('at', models.DateTimeField(verbose_name='ký lúc')),
                ('digest', models.CharField(max_length=64, verbose_name='mã băm số liệu')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='verification.signed')),
                ('round', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='verification.round', verbose_name='đợt')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='0b8300b92a14cd088b1b8db7bf932bfbdecdb2b9', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_9b33d', table='verification_signedevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField(verbose_name='lần đến')),
                ('visited_on', models.DateField(verbose_name='ngày đến')),
                ('finding', models.CharField(choices=[('agrees', 'Đúng như xã ghi'), ('disagrees', 'Không đúng'), ('not_found', 'Không gặp hộ')], max_length=10, verbose_name='kết quả')),
                ('checks', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('seen_working', 'Thấy thiết bị, dịch vụ đang hoạt động'), ('seen_notice', 'Xem tin nhắn, hóa đơn hoặc giấy báo của nhà mạng'), ('asked', 'Hỏi người trong hộ')], max_length=20), default=list, size=None, verbose_name='cách kiểm tra')),
                ('answerer', models.CharField(choices=[('head', 'Chủ hộ'), ('member', 'Thành viên khác trong hộ'), ('nobody', 'Không gặp ai')], max_length=10, verbose_name='người trả lời')),
                ('reason', models.CharField(blank=True, max_length=1000, verbose_name='khác ở điểm nào')),
                ('note', models.CharField(blank=True, max_length=1000, verbose_name='ghi chú')),
                ('at', models.DateTimeField(verbose_name='ghi lúc')),
                ('by_name', models.CharField(max_length=120, verbose_name='người đến')),
                ('organisation', models.CharField(max_length=200, verbose_name='cơ quan')),
                ('sampled', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='verification.sampled', verbose_name='kết quả được rút')),
            ],
            options={
                'verbose_name': 'phiếu xác minh',
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('sampled', 'number'), name='one_visit_of_a_number'), models.UniqueConstraint(condition=models.Q(('finding__in', ['agrees', 'disagrees'])), fields=('sampled',), name='household_is_found_one_way'), models.CheckConstraint(condition=models.Q(models.Q(('finding', 'disagrees'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='disagreement_says_in_what')],
                'triggers': [pgtrigger.compiler.Trigger(name='visit_is_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='771c96f4beabec1918d53b16b007c12fd55f1eab', operation='UPDATE OR DELETE', pgid='pgtrigger_visit_is_kept_0adac', table='verification_visit', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "verification_visitevent" ("answerer", "at", "by_name", "checks", "finding", "id", "note", "number", "organisation", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "sampled_id", "visited_on") VALUES (NEW."answerer", NEW."at", NEW."by_name", NEW."checks", NEW."finding", NEW."id", NEW."note", NEW."number", NEW."organisation", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."sampled_id", NEW."visited_on"); RETURN NULL;', hash='969f994100fd36099d136eec759843f79bcd34af', operation='INSERT', pgid='pgtrigger_insert_insert_354ac', table='verification_visit', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "verification_visitevent" ("answerer", "at", "by_name", "checks", "finding", "id", "note", "number", "organisation", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "sampled_id", "visited_on") VALUES (NEW."answerer", NEW."at", NEW."by_name", NEW."checks", NEW."finding", NEW."id", NEW."note", NEW."number", NEW."organisation", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."sampled_id", NEW."visited_on"); RETURN NULL;', hash='b8c6bd46041d066103d126595ce3d4a9ed21c8bb', operation='UPDATE', pgid='pgtrigger_update_update_7b076', table='verification_visit', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "verification_visitevent" ("answerer", "at", "by_name", "checks", "finding", "id", "note", "number", "organisation", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "sampled_id", "visited_on") VALUES (OLD."answerer", OLD."at", OLD."by_name", OLD."checks", OLD."finding", OLD."id", OLD."note", OLD."number", OLD."organisation", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."sampled_id", OLD."visited_on"); RETURN NULL;', hash='a702b4e63502abe905282425a2efeca6aad20455', operation='DELETE', pgid='pgtrigger_delete_delete_48ef5', table='verification_visit', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='VisitEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                ('number', models.PositiveSmallIntegerField(verbose_name='lần đến')),
                ('visited_on', models.DateField(verbose_name='ngày đến')),
                ('finding', models.CharField(choices=[('agrees', 'Đúng như xã ghi'), ('disagrees', 'Không đúng'), ('not_found', 'Không gặp hộ')], max_length=10, verbose_name='kết quả')),
                ('checks', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('seen_working', 'Thấy thiết bị, dịch vụ đang hoạt động'), ('seen_notice', 'Xem tin nhắn, hóa đơn hoặc giấy báo của nhà mạng'), ('asked', 'Hỏi người trong hộ')], max_length=20), default=list, size=None, verbose_name='cách kiểm tra')),
                ('answerer', models.CharField(choices=[('head', 'Chủ hộ'), ('member', 'Thành viên khác trong hộ'), ('nobody', 'Không gặp ai')], max_length=10, verbose_name='người trả lời')),
                ('reason', models.CharField(blank=True, max_length=1000, verbose_name='khác ở điểm nào')),
                ('note', models.CharField(blank=True, max_length=1000, verbose_name='ghi chú')),
                ('at', models.DateTimeField(verbose_name='ghi lúc')),
                ('by_name', models.CharField(max_length=120, verbose_name='người đến')),
                ('organisation', models.CharField(max_length=200, verbose_name='cơ quan')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='verification.visit')),
                ('sampled', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='verification.sampled', verbose_name='kết quả được rút')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d0bd21f749b654cb166354089c48b452a16ed188', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_bad42', table='verification_visitevent', when='BEFORE'))],
            },
        ),
    ]
