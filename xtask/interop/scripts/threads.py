"""DuckDB as the nightly check of `cargo xtask interop threading`: threads.py FOLDER. For each FOLDER/NAME.links.csv, a line
`message,identifier` for each link, it writes FOLDER/NAME.threads.csv, a line `message,first message of its thread`, and prints
`did NAME LINKS ROUNDS SECONDS`. The SQL stands in docs/src/SCALING.md."""
import os, sys, time

try:
    import duckdb
except ImportError as error:
    print("missing", error)
    sys.exit()

# each message takes the smallest label among those it has an identifier in common with
SPREAD = """
create or replace table next as
with of_id as (select id, min(label) as label from links join labels using (message) group by id)
select message, min(of_id.label) as label from links join of_id using (id) group by message
"""
# and then the label of the message that it is labelled by, so that long chains take few rounds
JUMP = """
create or replace table jumped as
select next.message, least(next.label, above.label) as label
from next join next as above on above.message = next.label
"""

folder = sys.argv[1]
print("version DuckDB", duckdb.__version__)
for file in sorted(os.listdir(folder)):
    name = file.removesuffix(".links.csv")
    if name == file:
        continue
    start = time.monotonic()
    base = duckdb.connect()
    source = os.path.join(folder, file)
    base.execute(f"create table links as select * from read_csv('{source}', header=false, names=['message', 'id'])")
    base.execute("create table labels as select distinct message, message as label from links")
    rounds, changed = 0, 1
    while changed:
        base.execute(SPREAD)
        base.execute(JUMP)
        changed = base.execute(
            "select count(*) from jumped join labels using (message) where jumped.label <> labels.label"
        ).fetchone()[0]
        base.execute("create or replace table labels as select * from jumped")
        rounds += 1
    target = os.path.join(folder, f"{name}.threads.csv")
    base.execute(f"copy (select message, label from labels order by message) to '{target}' (header false)")
    count = base.execute("select count(*) from links").fetchone()[0]
    print("did", name, count, rounds, f"{time.monotonic() - start:.2f}")
