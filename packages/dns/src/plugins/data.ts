import type { PluginLife } from "./table.ts";

// Made by scripts/generate-coredns-plugins.ts from its table: do not edit. The table is of the plugin.cfg and the setup code of CoreDNS's
// release tags 1.0.0 to 1.15.0, and of their release notes.

/** Releases, oldest first. */
export const RELEASES: readonly string[] =
  "1.0.0 1.0.1 1.0.2 1.0.3 1.0.4 1.0.5 1.0.6 1.1.0 1.1.1 1.1.2 1.1.3 1.1.4 1.2.0 1.2.1 1.2.2 1.2.3 1.2.4 1.2.5 1.2.6 1.3.0 1.3.1 1.4.0 1.5.0 1.5.1 1.5.2 1.6.0 1.6.1 1.6.2 1.6.3 1.6.4 1.6.5 1.6.6 1.6.7 1.6.8 1.6.9 1.7.0 1.7.1 1.8.0 1.8.1 1.8.2 1.8.3 1.8.4 1.8.5 1.8.6 1.8.7 1.9.0 1.9.1 1.9.2 1.9.3 1.9.4 1.10.0 1.10.1 1.11.0 1.11.1 1.11.3 1.11.4 1.12.0 1.12.1 1.12.2 1.12.3 1.12.4 1.13.0 1.13.1 1.13.2 1.14.0 1.14.1 1.14.2 1.14.3 1.14.4 1.14.5 1.14.6 1.14.7 1.15.0".split(
    " ",
  );

/** A line for each release that changes the order of plugin.cfg: the release, then the plugins. */
export const ORDERS = `1.0.0 tls root bind debug trace health pprof prometheus errors log dnstap chaos cache rewrite loadbalance dnssec autopath reverse hosts federation kubernetes file auto secondary etcd proxy erratic whoami startup shutdown
1.0.1 tls nsid root bind debug trace health pprof prometheus errors log dnstap chaos cache rewrite loadbalance dnssec autopath reverse hosts federation kubernetes file auto secondary etcd proxy erratic whoami startup shutdown
1.0.3 tls nsid root bind debug trace health pprof prometheus errors log dnstap chaos cache rewrite loadbalance dnssec autopath reverse template hosts federation kubernetes file auto secondary etcd proxy erratic whoami startup shutdown
1.0.5 tls nsid root bind debug trace health pprof prometheus errors log dnstap chaos loadbalance cache rewrite dnssec autopath reverse template hosts route53 federation kubernetes file auto secondary etcd forward proxy erratic whoami on startup shutdown
1.1.0 tls reload nsid root bind debug trace health pprof prometheus errors log dnstap chaos loadbalance cache rewrite dnssec autopath reverse template hosts route53 federation kubernetes file auto secondary etcd forward proxy erratic whoami on startup shutdown
1.1.1 tls reload nsid root bind debug trace health pprof prometheus errors log dnstap chaos loadbalance cache rewrite dnssec autopath reverse template hosts route53 federation kubernetes file auto secondary etcd forward proxy erratic whoami on
1.2.0 metadata tls reload nsid root bind debug trace health pprof prometheus errors log dnstap chaos loadbalance cache rewrite dnssec autopath template hosts route53 federation kubernetes file auto secondary etcd forward proxy erratic whoami on
1.2.1 metadata tls reload nsid root bind debug trace health pprof prometheus errors log dnstap chaos loadbalance cache rewrite dnssec autopath template hosts route53 federation kubernetes file auto secondary etcd loop forward proxy erratic whoami on
1.3.0 metadata tls reload nsid root bind debug trace health pprof prometheus errors log dnstap chaos loadbalance cache rewrite dnssec autopath template hosts route53 federation k8s_external kubernetes file auto secondary etcd loop forward proxy erratic whoami on
1.5.0 metadata cancel tls reload nsid root bind debug trace ready health pprof prometheus errors log dnstap chaos loadbalance cache rewrite dnssec autopath template hosts route53 federation k8s_external kubernetes file auto secondary etcd loop forward grpc erratic whoami on
1.5.1 metadata cancel tls reload nsid root bind debug trace ready health pprof prometheus errors log dnstap any chaos loadbalance cache rewrite dnssec autopath template hosts route53 federation k8s_external kubernetes file auto secondary etcd loop forward grpc erratic whoami on
1.6.2 metadata cancel tls reload nsid root bind debug trace ready health pprof prometheus errors log dnstap any chaos loadbalance cache rewrite dnssec autopath template hosts route53 azure federation k8s_external kubernetes file auto secondary etcd loop forward grpc erratic whoami on
1.6.3 metadata cancel tls reload nsid root bind debug trace ready health pprof prometheus errors log dnstap any chaos loadbalance cache rewrite dnssec autopath template hosts route53 azure clouddns federation k8s_external kubernetes file auto secondary etcd loop forward grpc erratic whoami on sign
1.6.4 metadata cancel tls reload nsid root bind debug trace ready health pprof prometheus errors log dnstap acl any chaos loadbalance cache rewrite dnssec autopath template hosts route53 azure clouddns federation k8s_external kubernetes file auto secondary etcd loop forward grpc erratic whoami on sign
1.6.5 metadata cancel tls reload nsid root bind debug trace ready health pprof prometheus errors log dnstap acl any chaos loadbalance cache rewrite dnssec autopath template transfer hosts route53 azure clouddns federation k8s_external kubernetes file auto secondary etcd loop forward grpc erratic whoami on sign
1.6.6 metadata cancel tls reload nsid bufsize root bind debug trace ready health pprof prometheus errors log dnstap acl any chaos loadbalance cache rewrite dnssec autopath template transfer hosts route53 azure clouddns federation k8s_external kubernetes file auto secondary etcd loop forward grpc erratic whoami on sign
1.7.0 metadata cancel tls reload nsid bufsize root bind debug trace ready health pprof prometheus errors log dnstap dns64 acl any chaos loadbalance cache rewrite dnssec autopath template transfer hosts route53 azure clouddns k8s_external kubernetes file auto secondary etcd loop forward grpc erratic whoami on sign
1.8.1 metadata cancel tls reload nsid bufsize root bind debug trace ready health pprof prometheus errors log dnstap local dns64 acl any chaos loadbalance cache rewrite dnssec autopath template transfer hosts route53 azure clouddns k8s_external kubernetes file auto secondary etcd loop forward grpc erratic whoami on sign
1.8.4 metadata cancel tls reload nsid bufsize root bind debug trace ready health pprof prometheus errors log dnstap local dns64 acl any chaos loadbalance cache rewrite dnssec autopath minimal template transfer hosts route53 azure clouddns k8s_external kubernetes file auto secondary etcd loop forward grpc erratic whoami on sign
1.8.5 metadata geoip cancel tls reload nsid bufsize root bind debug trace ready health pprof prometheus errors log dnstap local dns64 acl any chaos loadbalance cache rewrite header dnssec autopath minimal template transfer hosts route53 azure clouddns k8s_external kubernetes file auto secondary etcd loop forward grpc erratic whoami on sign
1.9.4 metadata geoip cancel tls reload nsid bufsize root bind debug trace ready health pprof prometheus errors log dnstap local dns64 acl any chaos loadbalance tsig cache rewrite header dnssec autopath minimal template transfer hosts route53 azure clouddns k8s_external kubernetes file auto secondary etcd loop forward grpc erratic whoami on sign
1.10.0 metadata geoip cancel tls reload nsid bufsize root bind debug trace ready health pprof prometheus errors log dnstap local dns64 acl any chaos loadbalance tsig cache rewrite header dnssec autopath minimal template transfer hosts route53 azure clouddns k8s_external kubernetes file auto secondary etcd loop forward grpc erratic whoami on sign view
1.10.1 metadata geoip cancel tls timeouts reload nsid bufsize root bind debug trace ready health pprof prometheus errors log dnstap local dns64 acl any chaos loadbalance tsig cache rewrite header dnssec autopath minimal template transfer hosts route53 azure clouddns k8s_external kubernetes file auto secondary etcd loop forward grpc erratic whoami on sign view
1.11.3 root metadata geoip cancel tls timeouts reload nsid bufsize bind debug trace ready health pprof prometheus errors log dnstap local dns64 acl any chaos loadbalance tsig cache rewrite header dnssec autopath minimal template transfer hosts route53 azure clouddns k8s_external kubernetes file auto secondary etcd loop forward grpc erratic whoami on sign view
1.12.0 root metadata geoip cancel tls timeouts multisocket reload nsid bufsize bind debug trace ready health pprof prometheus errors log dnstap local dns64 acl any chaos loadbalance tsig cache rewrite header dnssec autopath minimal template transfer hosts route53 azure clouddns k8s_external kubernetes file auto secondary etcd loop forward grpc erratic whoami on sign view
1.12.2 root metadata geoip cancel tls quic timeouts multisocket reload nsid bufsize bind debug trace ready health pprof prometheus errors log dnstap local dns64 acl any chaos loadbalance tsig cache rewrite header dnssec autopath minimal template transfer hosts route53 azure clouddns k8s_external kubernetes file auto secondary etcd loop forward grpc erratic whoami on sign view
1.13.0 root metadata geoip cancel tls quic timeouts multisocket reload nsid bufsize bind debug trace ready health pprof prometheus errors log dnstap local dns64 acl any chaos loadbalance tsig cache rewrite header dnssec autopath minimal template transfer hosts route53 azure clouddns k8s_external kubernetes file auto secondary etcd loop forward grpc erratic whoami on sign view nomad
1.14.0 root metadata geoip cancel tls quic grpc_server https https3 timeouts multisocket reload nsid bufsize bind debug trace ready health pprof prometheus errors log dnstap local dns64 acl any chaos loadbalance tsig cache rewrite header dnssec autopath minimal template transfer hosts route53 azure clouddns k8s_external kubernetes file auto secondary etcd loop forward grpc erratic whoami on sign view nomad
1.14.2 root metadata geoip cancel tls quic grpc_server https https3 timeouts multisocket reload nsid bufsize bind debug trace ready health pprof prometheus errors log dnstap local dns64 any chaos loadbalance tsig cache rewrite acl header dnssec autopath minimal template transfer hosts route53 azure clouddns k8s_external kubernetes file auto secondary etcd loop forward grpc erratic whoami on sign view nomad
1.14.3 root metadata geoip cancel tls proxyproto quic grpc_server https https3 timeouts multisocket reload nsid bufsize bind debug trace ready health pprof prometheus errors log dnstap local dns64 any chaos loadbalance tsig cache rewrite acl header dnssec autopath minimal template transfer hosts route53 azure clouddns k8s_external kubernetes file auto secondary etcd loop forward grpc erratic whoami on sign view nomad
1.14.7 root metadata geoip cancel proxyproto quic grpc_server https https3 timeouts multisocket reload nsid bufsize bind debug trace ready health pprof shed prometheus errors log dnstap local dns64 any chaos loadbalance tsig rewrite autopath acl cache header dnssec tls minimal template transfer hosts route53 azure clouddns k8s_external kubernetes file auto secondary etcd loop forward grpc erratic whoami on sign view nomad
1.15.0 root metadata geoip cancel proxyproto quic grpc_server https https3 timeouts multisocket reload nsid bufsize bind debug trace ready health pprof shed prometheus errors log dnstap local dns64 siit any chaos loadbalance tsig rewrite autopath acl cache header dnssec tls minimal template transfer dynupdate hosts route53 azure clouddns k8s_external kubernetes file auto secondary etcd loop forward grpc erratic whoami on sign view nomad`;

/** A line for each plugin that was ever built in: its first release, then its block's options with theirs. */
export const PLUGINS = `tls 1.0.0 acme@1.14.7 ca@1.14.7 ca_root@1.14.7 client_auth@1.5.1 email@1.14.7 keylog@1.14.3 resolver@1.14.7 storage@1.14.7
root 1.0.0
bind 1.0.0 except@1.8.4
debug 1.0.0
trace 1.0.0 client_server@1.0.0 datadog_analytics_rate@1.8.0 every@1.0.0 service@1.0.0 zipkin_max_backlog_size@1.9.4 zipkin_max_batch_interval@1.9.4 zipkin_max_batch_size@1.9.4
health 1.0.0 lameduck@1.0.5
pprof 1.0.0 block@1.5.0
prometheus 1.0.0 runtime_metrics@1.14.3 tls@1.14.3
errors 1.0.0 consolidate@1.2.6 stacktrace@1.9.3
log 1.0.0 class@1.0.0
dnstap 1.0.0 extra@1.11.1 identity@1.9.4 skipverify@1.11.0 tls@1.14.4 version@1.9.4
chaos 1.0.0
cache 1.0.0 denial@1.0.0 disable@1.9.4 keepttl@1.10.1 prefetch@1.0.0 serve_stale@1.6.6 serve_stale_policy@1.14.7 servfail@1.9.4 success@1.0.0
rewrite 1.0.0
loadbalance 1.0.0 prefer@1.12.4 reload@1.10.1
dnssec 1.0.0 cache_capacity@1.0.0 key@1.0.0
autopath 1.0.0
reverse 1.0.0 fallthrough@1.0.0 hostname@1.0.0 ttl@1.0.0 wildcard@1.0.0
hosts 1.0.0 fallthrough@1.0.0 fallthrough_unsupported@1.14.7 no_reverse@1.4.0 reload@1.4.0 ttl@1.4.0
federation 1.0.0 upstream@1.2.3
kubernetes 1.0.0 apiserver_burst@1.14.0 apiserver_max_inflight@1.14.0 apiserver_qps@1.14.0 endpoint@1.0.0 endpoint_pod_names@1.0.0 fallthrough@1.0.0 ignore@1.1.3 kubeconfig@1.2.3 labels@1.0.0 multicluster@1.12.2 namespace_labels@1.5.0 namespaces@1.0.0 noendpoints@1.0.6 pods@1.0.0 resyncperiod@1.0.0 startup_timeout@1.12.3 tls@1.0.0 transfer@1.0.6 ttl@1.0.0 upstream@1.0.0 zonal@1.14.7
file 1.0.0 fallthrough@1.12.2 no_reload@1.0.0 reload@1.2.3 reload_by_mtime@1.14.4 transfer@1.0.0 upstream@1.0.0
auto 1.0.0 directory@1.0.0 no_reload@1.0.0 reload@1.2.3 transfer@1.0.0 upstream@1.0.0
secondary 1.0.0 catalog@1.14.5 fallthrough@1.14.4 transfer@1.0.0 upstream@1.0.0
etcd 1.0.0 credentials@1.4.0 debug@1.0.0 endpoint@1.0.0 fallthrough@1.0.0 max-lease-ttl@1.12.4 min-lease-ttl@1.12.4 no_apex_fallback@1.15.0 path@1.0.0 stubzones@1.0.0 tls@1.0.0 upstream@1.0.0
proxy 1.0.0 except@1.0.0 fail_timeout@1.0.0 health_check@1.0.0 max_fails@1.0.0 policy@1.0.0 protocol@1.0.0 spray@1.0.0
erratic 1.0.0 delay@1.0.0 drop@1.0.0 truncate@1.0.0
whoami 1.0.0
startup 1.0.0
shutdown 1.0.0
nsid 1.0.1
template 1.0.3 additional@1.0.3 answer@1.0.3 authority@1.0.3 ederror@1.10.1 expr@1.15.0 fallthrough@1.0.3 match@1.0.3 rcode@1.0.3 upstream@1.0.6 var@1.15.0
route53 1.0.5 aws_access_key@1.0.5 aws_endpoint@1.8.7 credentials@1.2.3 fallthrough@1.2.3 refresh@1.6.2 upstream@1.2.3
forward 1.0.5 doh_method@1.14.5 except@1.0.6 expire@1.0.6 failfast_all_unhealthy_upstreams@1.12.1 failover@1.13.0 force_tcp@1.0.6 health_check@1.0.6 max_age@1.14.3 max_concurrent@1.6.8 max_connect_attempts@1.13.2 max_fails@1.0.6 max_idle_conns@1.14.1 next@1.11.4 next_on_nodata@1.14.4 policy@1.0.6 prefer_udp@1.2.0 read_timeout@1.14.5 resolver@1.14.4 source_address@1.14.6 tls@1.0.6 tls_servername@1.0.6
on 1.0.5
reload 1.1.0
metadata 1.2.0
loop 1.2.1
k8s_external 1.3.0 apex@1.3.0 fallthrough@1.11.0 headless@1.9.4 ttl@1.3.0
cancel 1.5.0
ready 1.5.0 monitor@1.12.2
grpc 1.5.0 except@1.5.0 fallthrough@1.12.3 policy@1.5.0 random@1.5.0 round_robin@1.5.0 sequential@1.5.0 tls@1.5.0 tls_servername@1.5.0
any 1.5.1
azure 1.6.2 access@1.6.8 client@1.6.2 environment@1.6.2 fallthrough@1.6.2 refresh@1.15.0 secret@1.6.2 subscription@1.6.2 tenant@1.6.2
clouddns 1.6.3 credentials@1.6.3 endpoint@1.15.0 fallthrough@1.6.3 refresh@1.15.0 upstream@1.6.3
sign 1.6.3 directory@1.6.3 key@1.6.3
acl 1.6.4 allow@1.6.4 block@1.6.4 drop@1.10.1 filter@1.8.2
transfer 1.6.5 source@1.14.5 to@1.6.5
bufsize 1.6.6
dns64 1.7.0 allow_ipv4@1.8.7 prefix@1.7.0 translate_all@1.7.0
local 1.8.1 localhost_prefix@1.14.5
minimal 1.8.4
geoip 1.8.5
header 1.8.5 query@1.9.4 response@1.9.4
tsig 1.9.4 algorithm@1.9.4 require@1.9.4 require_opcode@1.14.3 secret@1.9.4 secrets@1.9.4
view 1.10.0 expr@1.10.0
timeouts 1.10.1 idle@1.10.1 read@1.10.1 write@1.10.1
multisocket 1.12.0
quic 1.12.2 max_connections@1.15.0 max_streams@1.12.2 worker_pool_size@1.12.2
nomad 1.13.0 address@1.13.0 filter@1.13.2 token@1.13.0 ttl@1.13.0
grpc_server 1.14.0 max_connections@1.14.0 max_streams@1.14.0
https 1.14.0 max_connections@1.14.0 max_streams@1.15.0
https3 1.14.0 max_connections@1.14.7 max_streams@1.14.0
proxyproto 1.14.3 allow@1.14.3 default@1.14.3 ignore@1.14.3 reject@1.14.3 skip@1.14.3 tlv_metadata@1.15.0 udp_session_tracking@1.14.3 use@1.14.3
shed 1.14.7
siit 1.15.0 eam@1.15.0 ipv6_prefix@1.15.0
dynupdate 1.15.0 allow@1.15.0 database@1.15.0 file@1.15.0 max_bytes@1.15.0 max_records@1.15.0 max_update_records@1.15.0`;

/** What became of some, by `plugin` or `plugin option`. */
export const FATES: Readonly<Record<string, Omit<PluginLife, "name" | "since">>> = {
  cache: { note: "disable/servfail since 1.9.4, keepttl 1.10.1; TTL above 3600 since 1.14.4" },
  reverse: { deprecated: "1.1.3", ignored: "1.1.4", removed: "1.2.0", replacement: "template" },
  "reverse fallthrough": { removed: "1.1.4" },
  "reverse hostname": { removed: "1.1.4" },
  "reverse ttl": { removed: "1.1.4" },
  "reverse wildcard": { removed: "1.1.4" },
  federation: {
    deprecated: "1.6.0",
    removed: "1.7.0",
    note: "Kubernetes federation v1; the external plugin coredns/federation must be compiled in",
  },
  "federation upstream": { removed: "1.6.3" },
  kubernetes: {
    note: "wildcard queries warn in 1.8.7, gone in 1.9.0; EndpointSlice v1beta1 gone in 1.11.0: ClusterRole needs discovery.k8s.io endpointslices list/watch",
  },
  "kubernetes endpoint": {
    note: "more than one endpoint: deprecated 1.3.1, only the first is used since 1.4.0; still accepted with a warning in 1.15.0",
  },
  "kubernetes resyncperiod": {
    deprecated: "1.5.0",
    ignored: "1.6.0",
    removed: "1.7.0",
    note: "in 1.6.x the setup code skips the word but not its argument, so 'resyncperiod 5m' is read there as unknown property '5m' (read in source at v1.6.9, not run)",
  },
  "kubernetes transfer": {
    removed: "1.8.0",
    replacement: "transfer plugin",
    note: "'transfer to X' -> plugin 'transfer ZONES { to X }' for every zone of kubernetes",
  },
  "kubernetes upstream": {
    deprecated: "1.3.1",
    ignored: "1.4.0",
    removed: "1.7.0",
    note: "until 1.3.1 its arguments chose who resolves CNAME targets of ExternalName services; since 1.4.0 CoreDNS asks itself, i.e. the forward plugin of the matching server block decides",
  },
  "file no_reload": { deprecated: "1.4.0", removed: "1.5.0", replacement: "reload 0" },
  "file transfer": { removed: "1.8.0", replacement: "transfer plugin" },
  "file upstream": { deprecated: "1.3.1", ignored: "1.4.0", note: "still accepted and ignored in 1.15.0" },
  "auto directory": { note: "third argument TIMEOUT deprecated 1.4.0, gone since 1.5.0: use reload" },
  "auto no_reload": { deprecated: "1.4.0", removed: "1.5.0", replacement: "reload 0" },
  "auto transfer": { removed: "1.8.0", replacement: "transfer plugin" },
  "auto upstream": { deprecated: "1.3.1", ignored: "1.4.0", note: "still accepted and ignored in 1.15.0" },
  "secondary transfer": { note: "'transfer to' removed in 1.8.0 (transfer plugin); 'transfer from' stays" },
  "secondary upstream": { deprecated: "1.3.1", ignored: "1.4.0", removed: "1.8.0" },
  "etcd upstream": { deprecated: "1.3.1", ignored: "1.4.0", note: "still accepted and ignored in 1.15.0" },
  proxy: {
    deprecated: "1.4.0",
    removed: "1.5.0",
    replacement: "forward",
    note: "forward takes at most 15 upstreams; health checks are in-band DNS queries; proxy's spray, fail_timeout, health_check PATH have no counterpart; 'protocol dns force_tcp' -> force_tcp; 'protocol grpc' -> grpc plugin (since 1.5.0); policy least_conn/first -> random/sequential",
  },
  "proxy protocol": { note: "https_google deprecated 1.1.3, removed 1.2.0" },
  startup: {
    deprecated: "1.0.6",
    removed: "1.1.0",
    replacement: "on startup",
    note: "release notes say 1.1.0; still listed in plugin.cfg of the 1.1.0 tag, gone in 1.1.1",
  },
  shutdown: { deprecated: "1.0.6", removed: "1.1.0", replacement: "on shutdown", note: "as startup" },
  "template upstream": {
    deprecated: "1.3.1",
    ignored: "1.4.0",
    note: "still accepted and ignored in 1.15.0",
  },
  forward: {
    note: "several forward lines per server block since 1.10.0 (first match in file order wins); before: 'this plugin can only be used once per Server Block'; host names as upstreams since 1.14.4 (resolved at start-up); 15 upstreams at most",
  },
  reload: {
    note: "in the kubeadm default since the first CoreDNS default (1.1.3); no other tool ever adds it",
  },
  loop: { note: "kubeadm default since CoreDNS 1.2.1/Kubernetes 1.12" },
  ready: { note: "kubeadm default since CoreDNS 1.5.0/Kubernetes 1.16" },
  bufsize: { note: "default 512 until 1.10.x, 1232 since 1.11.0" },
  header: {
    note: "rules without a selector (header { set ra }) rejected since 1.12.4: write 'response set ra' or 'query …'; selector known since 1.9.4",
  },
};
