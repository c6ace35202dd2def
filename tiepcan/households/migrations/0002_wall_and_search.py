from django.db import migrations

from tiepcan.accounts.wall import of, walled

SCOPE = "current_setting('tiepcan.scope', true)"
SAFE_PATH = "SET search_path = pg_catalog, public, pg_temp"


def below(column: str) -> str:
    """The path begins with the scope, which ends with '/'; said so that the index of paths finds it ('0' follows '/')."""
    return f"{column} ~>=~ {SCOPE} AND {column} ~<~ (left({SCOPE}, -1) || '0')"


def here(column: str = "unit_id") -> str:
    """As `accounts.wall.in_scope`, found by the index: not every unit of the country is looked at for each table of a page."""
    return (
        f"coalesce({SCOPE}, '') <> '' AND EXISTS (SELECT FROM units_unit AS place "
        f"WHERE place.id = {column} AND {below('place.path')})"
    )


def gone(key: str) -> str:
    """The household moved away from the scope: its row stays within reach for what was recorded here."""
    return f"{key} IN (SELECT households_gone_from_scope())"


def home(key: str) -> str:
    """The household lives in the scope now."""
    return f"households_lives_in_scope({key})"


WALLS = {
    **dict.fromkeys(
        ("households_move", "households_moveevent"), f"({here('from_unit_id')}) OR ({here('to_unit_id')})"
    ),
    "households_household": f"({here()}) OR {gone('id')}",
    "households_householdevent": f"({here()}) OR {gone('pgh_obj_id')}",
    **dict.fromkeys(
        ("households_review", "households_reviewevent"), f"({here()}) OR {home('household_id')}"
    ),
    **dict.fromkeys(("households_member", "households_memberevent"), home("household_id")),
    **dict.fromkeys(
        ("households_pair", "households_pairevent"), f"{home('first_id')} AND {home('second_id')}"
    ),
    **dict.fromkeys(("households_import", "households_importevent"), here()),
    **dict.fromkeys(("households_importrow", "households_importproblem"), of("households_import", "file_id")),
}
"""Of each personal table: the rows that it shows. A household that moves may pass the wall, with its line."""

# Asked by the walls of tables that hang on households. They run as the owner, so that no wall stands behind a wall:
# planning walls in walls takes longer than the page itself. Outside the wall there is no scope, and nothing is in it.
ASKED_BY_WALLS = f"""
CREATE FUNCTION households_gone_from_scope() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER {SAFE_PATH} AS $$
  SELECT m.household_id FROM units_unit u JOIN households_move m ON m.from_unit_id = u.id
  WHERE coalesce({SCOPE}, '') <> '' AND {below("u.path")}
$$;
CREATE FUNCTION households_lives_in_scope(household uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER {SAFE_PATH} AS $$ BEGIN
  RETURN coalesce({SCOPE}, '') <> '' AND EXISTS (
    SELECT FROM households_household h JOIN units_unit u ON u.id = h.unit_id
    WHERE h.id = household AND starts_with(u.path, {SCOPE}));
END $$
"""

# The words of a household, each after the key of its province: a search reads no list of the whole country. The
# province of a unit is not for change (a unit that comes to another is another unit); where a correction of the
# register changes it all the same, the trigger builds the index anew.
WORDS = """
CREATE FUNCTION households_lexemes(unit varchar, key text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
COST 10000 AS $$ DECLARE province text; BEGIN
  -- Asked for every row that is written: names are qualified, which costs less than a search path of its own.
  SELECT split_part(u.path, '/', 2) INTO province FROM public.units_unit u WHERE u.id = unit;
  RETURN array_to_tsvector(array_remove(string_to_array(
    replace(
      regexp_replace(' ' || translate(key, '-./,;:_()''"|', '            '), ' 0+', ' ', 'g'),
      ' ', '|' || province || ' '),
    '|'), ''));
END $$;
CREATE INDEX household_by_words ON households_household USING gin (households_lexemes(unit_id, search_key))
  WITH (gin_pending_list_limit = 256);
CREATE FUNCTION households_words_move() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF EXISTS (SELECT FROM was JOIN is_now USING (id) WHERE split_part(was.path, '/', 2) <> split_part(is_now.path, '/', 2))
  THEN REINDEX INDEX household_by_words; END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER households_words_move AFTER UPDATE ON units_unit
REFERENCING OLD TABLE AS was NEW TABLE AS is_now FOR EACH STATEMENT EXECUTE FUNCTION households_words_move()
"""
NO_WORDS = """
DROP TRIGGER households_words_move ON units_unit;
DROP FUNCTION households_words_move;
DROP INDEX household_by_words;
DROP FUNCTION households_lexemes
"""

# One page of the list: keys in the order of units' paths, given names and keys, of households within the scope alone.
#
# `likes` and `patterns` say which words a household has (`HouseholdQuerySet.named`), `lexemes` the same words as the
# index knows them, perhaps of more households. The units are walked in order until the page is full. What is rare is
# not walked for: units of which the kept counts say that nobody is of the class are passed by, of others with few such
# households the reviews are read instead; and a search that after `patience` has found too little for its pace turns to the index.
# A household's review may be another unit's only where one moved in (`arrivals`): there everybody is looked at.
SOUGHT = f"""
CREATE FUNCTION households_sought(
  under text, gone boolean, likes text[], patterns text[], lexemes text[], of_year integer, classes text[], lack text,
  after_path text, after_sort text, after_id uuid, wanted integer, patience interval
) RETURNS TABLE (id uuid) LANGUAGE plpgsql STABLE SECURITY DEFINER {SAFE_PATH} SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
  scope text := {SCOPE};
  place record;
  remaining integer := wanted;
  n integer;
  started timestamptz := clock_timestamp();
  walked interval;
  by_review boolean := classes IS NOT NULL OR lack IS NOT NULL;
  found uuid[];
  counted bigint;
  arrivals boolean;
  query tsquery;
  begins text;
  frequent CONSTANT integer := 1500;
  -- Reading a review and its household costs more than reading a household for its words.
  few CONSTANT integer := CASE WHEN cardinality(likes) > 0 THEN 30 ELSE 200 END;
BEGIN
  IF coalesce(scope, '') = '' OR NOT starts_with(under, scope) THEN RETURN; END IF;
  FOR place IN
    SELECT u.id, u.path, u.path = after_path AS is_first FROM units_unit u
    WHERE u.path ~>=~ under AND u.path ~<~ (left(under, -1) || '0') AND (after_path IS NULL OR u.path >= after_path)
    ORDER BY u.path
  LOOP
    IF by_review THEN
      SELECT sum(t.households) INTO counted FROM households_tally t
      WHERE t.unit_id = place.id AND t.year = of_year AND t.lack = coalesce(households_sought.lack, '')
        AND (classes IS NULL OR t.poverty = ANY(classes));
      arrivals := EXISTS (SELECT FROM households_move m WHERE m.to_unit_id = place.id);
      CONTINUE WHEN coalesce(counted, 0) <= 0 AND NOT arrivals;
    END IF;
    walked := clock_timestamp() - started;
    -- Long enough, and at this pace the page would take more than ten times as long.
    IF lexemes IS NOT NULL AND walked > patience AND walked * wanted > patience * 10 * (wanted - remaining) THEN
      -- Nobody of this unit was looked at yet: the index knows those of this and the following units.
      query := array_to_string(lexemes, ' & ')::tsquery;
      begins := CASE WHEN place.is_first THEN after_sort END;
      found := ARRAY(
        SELECT h.id FROM households_household h
        WHERE households_lexemes(h.unit_id, h.search_key) @@ query AND h.search_key LIKE ALL (likes)
          AND h.search_key ~ ALL (patterns)
        LIMIT frequent);
      IF cardinality(found) < frequent THEN
        RETURN QUERY
          SELECT h.id FROM households_household h JOIN units_unit u ON u.id = h.unit_id
          WHERE h.id = ANY (found) AND starts_with(u.path, under) AND u.path >= place.path
            AND (u.path > place.path OR begins IS NULL OR (h.sort_key, h.id) > (begins, after_id))
            AND (h.merged_into_id IS NOT NULL OR h.left_on IS NOT NULL) = gone
            AND (NOT by_review OR EXISTS (
              SELECT FROM households_review r WHERE r.household_id = h.id AND r.year = of_year AND r.standing
                AND (classes IS NULL OR r.poverty = ANY(classes))
                AND (households_sought.lack IS NULL OR r.lacks @> ARRAY[households_sought.lack]::varchar[])))
          ORDER BY u.path, h.sort_key, h.id LIMIT remaining;
        RETURN;
      END IF;
      -- So many have these words that the walk meets them soon.
      lexemes := NULL;
    END IF;
    IF by_review AND counted < few AND NOT arrivals THEN
      RETURN QUERY
        SELECT h.id FROM households_review r JOIN households_household h ON h.id = r.household_id
        WHERE r.unit_id = place.id AND r.year = of_year AND r.standing
          AND (classes IS NULL OR r.poverty = ANY(classes))
          AND (households_sought.lack IS NULL OR r.lacks @> ARRAY[households_sought.lack]::varchar[])
          AND h.unit_id = place.id AND (h.merged_into_id IS NOT NULL OR h.left_on IS NOT NULL) = gone
          AND (NOT place.is_first OR after_sort IS NULL OR (h.sort_key, h.id) > (after_sort, after_id))
          AND h.search_key LIKE ALL (likes) AND h.search_key ~ ALL (patterns)
        ORDER BY h.sort_key, h.id LIMIT remaining;
    ELSIF by_review THEN
      RETURN QUERY
        SELECT h.id FROM households_household h
        WHERE h.unit_id = place.id AND (h.merged_into_id IS NOT NULL OR h.left_on IS NOT NULL) = gone
          AND (NOT place.is_first OR after_sort IS NULL OR (h.sort_key, h.id) > (after_sort, after_id))
          AND h.search_key LIKE ALL (likes) AND h.search_key ~ ALL (patterns)
          AND EXISTS (
            SELECT FROM households_review r WHERE r.household_id = h.id AND r.year = of_year AND r.standing
              AND (classes IS NULL OR r.poverty = ANY(classes))
              AND (households_sought.lack IS NULL OR r.lacks @> ARRAY[households_sought.lack]::varchar[]) OFFSET 0)
        ORDER BY h.sort_key, h.id LIMIT remaining;
    ELSE
      RETURN QUERY
        SELECT h.id FROM households_household h
        WHERE h.unit_id = place.id AND (h.merged_into_id IS NOT NULL OR h.left_on IS NOT NULL) = gone
          AND (NOT place.is_first OR after_sort IS NULL OR (h.sort_key, h.id) > (after_sort, after_id))
          AND h.search_key LIKE ALL (likes) AND h.search_key ~ ALL (patterns)
        ORDER BY h.sort_key, h.id LIMIT remaining;
    END IF;
    GET DIAGNOSTICS n = ROW_COUNT;
    remaining := remaining - n;
    EXIT WHEN remaining <= 0;
  END LOOP;
END $$
"""
NOT_SOUGHT = "DROP FUNCTION households_sought"
# The sums above a list are of one year and no lack: one line for each class of a unit.
COUNTS = "CREATE INDEX tally_of_classes ON households_tally (unit_id, year) INCLUDE (poverty, households) WHERE lack = ''"


class Migration(migrations.Migration):
    """Personal rows of the registry stand behind the wall, and lists find their households in any size of registry."""

    replaces = [("households", "0010_files_taken_back_and_forgotten")]

    dependencies = [("households", "0001_initial")]

    operations = [
        migrations.RunSQL(
            ASKED_BY_WALLS,
            "DROP FUNCTION households_gone_from_scope; DROP FUNCTION households_lives_in_scope",
        ),
        *(walled(table, condition) for table, condition in WALLS.items()),
        migrations.RunSQL(WORDS, NO_WORDS),
        migrations.RunSQL(SOUGHT, NOT_SOUGHT),
        migrations.RunSQL(COUNTS, "DROP INDEX tally_of_classes"),
    ]
