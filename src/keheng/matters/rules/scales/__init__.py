"""Points tables and routes: data that decides a class, with ranges as long as something is unknown."""
