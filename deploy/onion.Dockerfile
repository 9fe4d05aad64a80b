# Tor alone. Its folder holds the key of the onion address: keep it with the backups of the secrets.
FROM alpine:3.22
RUN apk add --no-cache tor \
 && mkdir -p /var/lib/tor \
 && chown -R 1000:1000 /var/lib/tor \
 && chmod 700 /var/lib/tor
COPY deploy/torrc /etc/tor/torrc
USER 1000:1000
VOLUME /var/lib/tor
CMD ["tor", "-f", "/etc/tor/torrc"]
