# Caddy's program carries a file capability for ports below 1024. With every capability dropped it
# could not even start; it listens above 1024 here and needs none.
FROM caddy:2.10-alpine
RUN apk add --no-cache libcap \
 && setcap -r /usr/bin/caddy \
 && apk del libcap \
 && mkdir -p /data /config \
 && chown -R 1000:1000 /data /config
USER 1000:1000
