/**
 * The script of the dead-man's switch: POSIX sh and kubectl. It compares no clocks: it counts by the uptime of its own node how long it has
 * read the same renewal. A failed read proves nothing; a later read of the old renewal does.
 */
export const watchdogScript = `set -u
# With a timeout, kubectl does not use its in-cluster configuration, so it gets a kubeconfig.
host=$KUBERNETES_SERVICE_HOST
case "$host" in *:*) host="[$host]" ;; esac
own=/var/run/secrets/kubernetes.io/serviceaccount
export KUBECONFIG=/tmp/kubeconfig
printf '%s\\n' 'apiVersion: v1' 'kind: Config' 'current-context: own' \\
  "clusters: [{ name: own, cluster: { server: 'https://$host:$KUBERNETES_SERVICE_PORT', certificate-authority: $own/ca.crt } }]" \\
  "users: [{ name: own, user: { tokenFile: $own/token } }]" \\
  'contexts: [{ name: own, context: { cluster: own, user: own } }]' >"$KUBECONFIG"

k() { kubectl --namespace "$NAMESPACE" --request-timeout=5s "$@" </dev/null; }
log() { printf '%s\\n' "$*"; }
uptime() { read -r up rest </proc/uptime; printf '%s' "\${up%%.*}"; }
turn() { k patch "$1" "$2" --type json --patch-file "/guard/$3"; }
mark() { k get "$1" "$2" --output 'jsonpath={.metadata.annotations.alt-las\\.dev/epoch}'; }

# Every target is tried each time: one that is already reset carries the token.
put_back() {
  missing=0
  while read -r resource name file other; do
    found=$(mark "$resource" "$name") || { missing=1; continue; }
    if [ "$found" = "$EPOCH" ]; then
      # The other patch is for routes without the rules of an audience. A lost request is no sign of these, so the first is tried twice.
      turn "$resource" "$name" "$file" || turn "$resource" "$name" "$file" ||
        [ -z "$other" ] || turn "$resource" "$name" "$other"
      found=$(mark "$resource" "$name") || found=''
    fi
    [ "$found" = "$FIRED" ] || { missing=1; log "$resource $name is not reset, it carries: $found"; }
  done </guard/targets
  return "$missing"
}

while read -r resource name rest; do
  until k auth can-i patch "$resource/$name" --quiet; do
    log "may not patch $resource $name yet"
    sleep 2
  done
done </guard/targets

last='' since=$(uptime)
while :; do
  if lease=$(k get lease "$LEASE" --output 'jsonpath={.spec.renewTime} {.spec.holderIdentity}'); then
    [ -e /tmp/armed ] || { : >/tmp/armed; log "watches lease $LEASE, resets the traffic after $QUIET s without a renewal"; }
    # Without a holder the run has ended by itself, and the traffic is as intended.
    if [ "$lease" != "$last" ] || [ -z "\${lease#* }" ]; then
      last=$lease since=$(uptime)
    elif [ $(($(uptime) - since)) -ge "$QUIET" ]; then
      armed=$(k get configmap "$NAME" --ignore-not-found --output name) || { sleep 2; continue; }
      [ -n "$armed" ] || { log 'was removed'; exit 0; }
      log "the lease was not renewed for $(($(uptime) - since)) s: the traffic goes back to stable"
      put_back && { log 'the traffic is on stable'; exit 0; }
    fi
  fi
  sleep 2
done
`
