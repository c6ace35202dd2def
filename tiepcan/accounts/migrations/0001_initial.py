import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('accounts', '0001_tables'), ('accounts', '0002_references'), ('accounts', '0003_role_of_operators')]

    initial = True

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
        ('units', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('committee', 'UBND ban hành kế hoạch'), ('culture', 'Phòng Văn hóa Thông tin'), ('labour', 'Phòng Lao động, Thương binh và Xã hội'), ('station', 'Đài Truyền thanh – Truyền hình'), ('office', 'Văn phòng HĐND và UBND'), ('company', 'Doanh nghiệp viễn thông, truyền hình'), ('local', 'UBND phường, xã'), ('department', 'Sở, ngành cấp trên')], max_length=20, verbose_name='loại')),
                ('name', models.CharField(max_length=200, verbose_name='tên')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='organisations', to='units.unit', verbose_name='địa bàn')),
            ],
            options={
                'verbose_name': 'cơ quan, đơn vị',
                'ordering': ['unit__path', 'kind', 'name'],
                'constraints': [models.UniqueConstraint(fields=('unit', 'name'), name='organisation_name_once_in_a_unit')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_organisationevent" ("id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "unit_id") VALUES (NEW."id", NEW."kind", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."unit_id"); RETURN NULL;', hash='f4792105a7b9ddf3d6723fae2c0f42d7582765b5', operation='INSERT', pgid='pgtrigger_insert_insert_66a5c', table='accounts_organisation', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "accounts_organisationevent" ("id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "unit_id") VALUES (NEW."id", NEW."kind", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."unit_id"); RETURN NULL;', hash='39a6c234061131508d8fa911b35570b49f0170b5', operation='UPDATE', pgid='pgtrigger_update_update_9e5fc', table='accounts_organisation', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_organisationevent" ("id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "unit_id") VALUES (OLD."id", OLD."kind", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."unit_id"); RETURN NULL;', hash='c19e53c75c0853800d6e99b2838020a358bfd3d6', operation='DELETE', pgid='pgtrigger_delete_delete_7b33b', table='accounts_organisation', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('username', models.CharField(max_length=60, unique=True, verbose_name='tên tài khoản')),
                ('full_name', models.CharField(max_length=120, verbose_name='họ và tên')),
                ('position', models.CharField(blank=True, max_length=120, verbose_name='chức vụ')),
                ('role', models.CharField(choices=[('coordinator', 'Điều phối kế hoạch'), ('officer', 'Cán bộ phường, xã'), ('verifier', 'Xác minh kết quả'), ('leader', 'Lãnh đạo'), ('partner', 'Đơn vị phối hợp'), ('operator', 'Doanh nghiệp viễn thông'), ('supervisor', 'Cơ quan cấp trên'), ('administrator', 'Quản trị tài khoản')], max_length=20, verbose_name='vai trò')),
                ('is_active', models.BooleanField(default=True, verbose_name='đang dùng')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='people', to='accounts.organisation', verbose_name='cơ quan, đơn vị')),
            ],
            options={
                'verbose_name': 'người dùng',
                'ordering': ['organisation__unit__path', 'full_name'],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_personevent" ("full_name", "id", "is_active", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "role", "username") VALUES (NEW."full_name", NEW."id", NEW."is_active", NEW."organisation_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."role", NEW."username"); RETURN NULL;', hash='a162467f27dc4d543e8f25b3352a7f9cbc8cab9a', operation='INSERT', pgid='pgtrigger_insert_insert_6b541', table='accounts_person', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."full_name" IS DISTINCT FROM (NEW."full_name") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."organisation_id" IS DISTINCT FROM (NEW."organisation_id") OR OLD."position" IS DISTINCT FROM (NEW."position") OR OLD."role" IS DISTINCT FROM (NEW."role") OR OLD."username" IS DISTINCT FROM (NEW."username"))', func='INSERT INTO "accounts_personevent" ("full_name", "id", "is_active", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "role", "username") VALUES (NEW."full_name", NEW."id", NEW."is_active", NEW."organisation_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."role", NEW."username"); RETURN NULL;', hash='e2868743f31706ed360dd0e4dee529acedd52b11', operation='UPDATE', pgid='pgtrigger_update_update_70819', table='accounts_person', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_personevent" ("full_name", "id", "is_active", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "role", "username") VALUES (OLD."full_name", OLD."id", OLD."is_active", OLD."organisation_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."role", OLD."username"); RETURN NULL;', hash='bbf583b25b11336b804db78e16972e6edaff263d', operation='DELETE', pgid='pgtrigger_delete_delete_18acd', table='accounts_person', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='Reading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person_name', models.CharField(max_length=120, verbose_name='người xem')),
                ('organisation', models.CharField(max_length=200, verbose_name='cơ quan, đơn vị')),
                ('subject', models.CharField(help_text='Table and key, no name.', max_length=60, verbose_name='đối tượng')),
                ('what', models.CharField(max_length=200, verbose_name='nội dung')),
                ('at', models.DateTimeField(verbose_name='lúc')),
            ],
            options={
                'verbose_name': 'lượt xem dữ liệu cá nhân',
                'indexes': [models.Index(fields=['subject', '-at'], name='reading_by_subject')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_readingevent" ("at", "id", "organisation", "person_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "subject", "what") VALUES (NEW."at", NEW."id", NEW."organisation", NEW."person_name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."subject", NEW."what"); RETURN NULL;', hash='7b195b96ad43a50e7bf3d558fb908162e37dc471', operation='INSERT', pgid='pgtrigger_insert_insert_3a370', table='accounts_reading', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "accounts_readingevent" ("at", "id", "organisation", "person_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "subject", "what") VALUES (NEW."at", NEW."id", NEW."organisation", NEW."person_name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."subject", NEW."what"); RETURN NULL;', hash='4445c687fd22916ea32a8a0a08d8fc69c5552454', operation='UPDATE', pgid='pgtrigger_update_update_2a1bd', table='accounts_reading', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_readingevent" ("at", "id", "organisation", "person_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "subject", "what") VALUES (OLD."at", OLD."id", OLD."organisation", OLD."person_name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."subject", OLD."what"); RETURN NULL;', hash='055c0e77c12ee535fcae4700a286134d80316229', operation='DELETE', pgid='pgtrigger_delete_delete_5e5fe', table='accounts_reading', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='ReadingEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('person_name', models.CharField(max_length=120, verbose_name='người xem')),
                ('organisation', models.CharField(max_length=200, verbose_name='cơ quan, đơn vị')),
                ('subject', models.CharField(help_text='Table and key, no name.', max_length=60, verbose_name='đối tượng')),
                ('what', models.CharField(max_length=200, verbose_name='nội dung')),
                ('at', models.DateTimeField(verbose_name='lúc')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='accounts.reading')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8a39881536e4f5b0cabe1280f971609f8530932c', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f6e3e', table='accounts_readingevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='FailedSignIn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('username', models.CharField(max_length=60)),
                ('device', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'lần đăng nhập sai',
                'indexes': [models.Index(fields=['username', 'device', 'at'], name='failed_sign_in_recent')],
            },
        ),
        migrations.CreateModel(
            name='OneTimeCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('expires_at', models.DateTimeField(verbose_name='hết hạn lúc')),
                ('used_at', models.DateTimeField(null=True, verbose_name='dùng lúc')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='codes', to=settings.AUTH_USER_MODEL, verbose_name='người dùng')),
            ],
            options={
                'verbose_name': 'mã dùng một lần',
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_onetimecodeevent" ("expires_at", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "used_at") VALUES (NEW."expires_at", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."used_at"); RETURN NULL;', hash='675adfcd9cbe56a78c0c66953feb7aa1e2d57048', operation='INSERT', pgid='pgtrigger_insert_insert_80c79', table='accounts_onetimecode', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."expires_at" IS DISTINCT FROM (NEW."expires_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."person_id" IS DISTINCT FROM (NEW."person_id") OR OLD."used_at" IS DISTINCT FROM (NEW."used_at"))', func='INSERT INTO "accounts_onetimecodeevent" ("expires_at", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "used_at") VALUES (NEW."expires_at", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."used_at"); RETURN NULL;', hash='45122aa3aa9d7e40276569ffb41495da03a6dff1', operation='UPDATE', pgid='pgtrigger_update_update_87eec', table='accounts_onetimecode', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_onetimecodeevent" ("expires_at", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "used_at") VALUES (OLD."expires_at", OLD."id", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."used_at"); RETURN NULL;', hash='9d16aced25caf6f5b1acf4d645288343730f2203', operation='DELETE', pgid='pgtrigger_delete_delete_6e51e', table='accounts_onetimecode', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='OneTimeCodeEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('expires_at', models.DateTimeField(verbose_name='hết hạn lúc')),
                ('used_at', models.DateTimeField(null=True, verbose_name='dùng lúc')),
                ('person', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người dùng')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='accounts.onetimecode')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='3bc2522bc9649e1d0fe7b968a22018e728d67436', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_3c398', table='accounts_onetimecodeevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='OrganisationEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('committee', 'UBND ban hành kế hoạch'), ('culture', 'Phòng Văn hóa Thông tin'), ('labour', 'Phòng Lao động, Thương binh và Xã hội'), ('station', 'Đài Truyền thanh – Truyền hình'), ('office', 'Văn phòng HĐND và UBND'), ('company', 'Doanh nghiệp viễn thông, truyền hình'), ('local', 'UBND phường, xã'), ('department', 'Sở, ngành cấp trên')], max_length=20, verbose_name='loại')),
                ('name', models.CharField(max_length=200, verbose_name='tên')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='accounts.organisation')),
                ('unit', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='units.unit', verbose_name='địa bàn')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='845e2a6e8e1a6335e3e91a32605b9bf35b983db2', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_4e6f4', table='accounts_organisationevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='PersonEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('username', models.CharField(max_length=60, verbose_name='tên tài khoản')),
                ('full_name', models.CharField(max_length=120, verbose_name='họ và tên')),
                ('position', models.CharField(blank=True, max_length=120, verbose_name='chức vụ')),
                ('role', models.CharField(choices=[('coordinator', 'Điều phối kế hoạch'), ('officer', 'Cán bộ phường, xã'), ('verifier', 'Xác minh kết quả'), ('leader', 'Lãnh đạo'), ('partner', 'Đơn vị phối hợp'), ('operator', 'Doanh nghiệp viễn thông'), ('supervisor', 'Cơ quan cấp trên'), ('administrator', 'Quản trị tài khoản')], max_length=20, verbose_name='vai trò')),
                ('is_active', models.BooleanField(default=True, verbose_name='đang dùng')),
                ('organisation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.organisation', verbose_name='cơ quan, đơn vị')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ab12179ca78ae034abb9ebf88853b5337e7aa9ef', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_ba890', table='accounts_personevent', when='BEFORE'))],
            },
        ),
    ]
