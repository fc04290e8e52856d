"""The shelf: every reusable task. Each is a few lines: retries, progress, one call into the core.

| Import from | Tasks |
|---|---|
| `files` | `find_files` |
| `staging` | `infer_schema`, `stage_records` |
| `loading` | `load_table`, `read_watermark` |
| `checking` | `check_table` |
| `reading` | `query_warehouse`, `unload_query`, `execute_sql_file` |
| `reports`, `history` | `publish_loads`; `find_loads`, `publish_history` |
| `changed_entities` | `check_api_access`, `export_changed_entities`, `publish_export` |
| `saved_lists` | `export_saved_list` |
| `bulk_imports` | `start_bulk_import`, `finish_bulk_import`, and both as `bulk_import` |
| `codes` | `apply_codes` |
| `canvass_responses` | `record_canvass_responses` |
| `people` | `upsert_people` |
| `deliveries_report` | `publish_deliveries` |
| `feeds` | `find_feeds`, `load_feed`, `remember_feeds`, `publish_feeds` |
| `egress` | `ask_services`, `ask_warehouse`, `publish_egress` |
| `maintenance` | `free_staged`, `free_results`, `free_images`, `free_ledger_detail`, `publish_freed` |

Each of these modules also gives the options and results of its tasks: `from utilities.tasks.loading
import LoadOptions, load_table`. Nothing is imported here, so a flow depends on those tasks alone that
it uses: a change of another one does not deploy it anew.
"""
