#!/bin/sh
# Makes the two roles and the database, once, as the server's superuser (docker-entrypoint-initdb.d
# runs it on an empty data folder). The owner migrates; the web role reads and writes what the owner
# grants it, which for the training record is: insert, never update or delete.
set -eu
: "${OWNER_PASSWORD:?OWNER_PASSWORD is not set: the password of the role that migrates}"
: "${WEB_PASSWORD:?WEB_PASSWORD is not set: the password of the role that the web and the workers use}"
psql -v ON_ERROR_STOP=1 --no-psqlrc --username "${POSTGRES_USER:-postgres}" --dbname postgres \
  -v owner_password="$OWNER_PASSWORD" -v web_password="$WEB_PASSWORD" <<'SQL'
CREATE ROLE journeybook_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE journeybook_web LOGIN PASSWORD :'web_password';
CREATE DATABASE journeybook OWNER journeybook_owner;
REVOKE ALL ON DATABASE journeybook FROM PUBLIC;
GRANT CONNECT ON DATABASE journeybook TO journeybook_web;
\connect journeybook
ALTER SCHEMA public OWNER TO journeybook_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO journeybook_web;
SQL
