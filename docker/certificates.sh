#!/bin/sh
# certificates.sh AUTHORITY ELASTICSEARCH: makes a certificate authority and, signed by it, Elasticsearch's certificate.
#
# The authority's key signs this one certificate and is thrown away, so nothing else can ever be signed by it. For new
# certificates, after three years at the latest, delete both volumes and start again. Does nothing where they are there.
set -eu
authority=$1 elasticsearch=$2 days=1095
[ -s "$authority/ca.crt" ] && [ -s "$elasticsearch/elasticsearch.crt" ] && exit 0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
umask 027 # the group is 0, as that of Elasticsearch and Kibana in their images

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days "$days" -subj "/CN=Whosaid's own authority" \
    -addext "basicConstraints=critical,CA:TRUE,pathlen:0" -addext "keyUsage=critical,keyCertSign" \
    -keyout "$work/ca.key" -out "$work/ca.crt" 2>/dev/null
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=elasticsearch" \
    -keyout "$work/elasticsearch.key" -out "$work/elasticsearch.csr" 2>/dev/null
cat >"$work/extensions" <<EXTENSIONS
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth,clientAuth
subjectAltName=DNS:elasticsearch,DNS:localhost,IP:127.0.0.1
EXTENSIONS
openssl x509 -req -in "$work/elasticsearch.csr" -CA "$work/ca.crt" -CAkey "$work/ca.key" -CAcreateserial \
    -days "$days" -extfile "$work/extensions" -out "$work/elasticsearch.crt" 2>/dev/null

cp "$work/ca.crt" "$authority/ca.crt"
cp "$work/elasticsearch.key" "$work/elasticsearch.crt" "$elasticsearch/"
chmod 644 "$authority/ca.crt"
chmod 640 "$elasticsearch/elasticsearch.key"
