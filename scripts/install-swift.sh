#!/bin/sh
# Installs OpenStack Swift with its S3 API from Debian's packages: the real S3 of the tests (examples/parts/swift.ts).
# Needs root. Its own services are not started; a test starts what it needs, on free ports.
set -eu
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends swift-proxy swift-account swift-container swift-object memcached
