/** The zone of a second CoreDNS. */
export const ZONE_FILE = `$ORIGIN zone.test.
$TTL 300
@        IN SOA ns admin ( 2026010101 2h 30m 4w 60 )
         IN NS  ns
         IN MX  10 mail
         IN A   198.51.100.1
ns       IN A   198.51.100.2
mail 60  IN A   198.51.100.3
         IN AAAA 2001:db8:9::3
c        IN CNAME d
d        IN A 198.51.100.4
         IN A 198.51.100.5
alias    IN CNAME db.corp.test.
far      IN CNAME www.nowhere.invalid.
missing  IN CNAME nothere
self     IN CNAME self
*.wild   IN A 198.51.100.6
x.y.wild IN TXT "in the way" "twice"
*.cn     IN CNAME d
deep.ent IN A 198.51.100.7
_sip._tcp IN SRV 1 2 5060 ns
         IN SRV 1 2 5061 elsewhere.test.
sub      IN NS ns.sub
ns.sub   IN A 198.51.100.8
old      IN DNAME new
d.new    IN A 198.51.100.9
`;

/** The second CoreDNS: what stub domains and the root are forwarded to. */
export const UPSTREAM = `.:PORT {
  bind 127.0.0.1
  template ANY ANY world.test {
    match "^www\\.world\\.test\\.$"
    answer "{{ .Name }} 60 IN A 192.0.2.80"
    fallthrough
  }
  template IN AAAA world.test {
    rcode NXDOMAIN
  }
  template IN A world.test {
    match "^ip-(?P<a>[0-9]+)-(?P<b>[0-9]+)\\.(.*)$"
    answer "{{ .Name }} 30 IN A 10.0.{{ .Group.a }}.{{ index .Match 2 }}"
    additional "{{ .Zone }} 30 IN TXT \\"{{ .Type }}\\""
  }
  template IN CNAME world.test {
    match "^to-(.*)\\.world\\.test\\.$"
    answer "{{ .Name }} IN CNAME {{ index .Match 1 }}.corp.test."
    fallthrough
  }
}
erratic.test:PORT {
  bind 127.0.0.1
  erratic {
    drop 0
  }
}
corp.test:PORT {
  bind 127.0.0.1
  hosts {
    10.11.12.13 db.corp.test
    10.11.12.14 db.corp.test mirror.corp.test
    2001:db8::13 db.corp.test
    2001:db8::15 six.corp.test
    10.11.12.15 *.w.corp.test elsewhere.test
    ttl 77
  }
}
zone.test:PORT {
  bind 127.0.0.1
  file FOLDER/zone.test
}
refuse.test:PORT {
  bind 127.0.0.1
  acl {
    allow type A
    filter type TXT
    block
  }
  whoami
}
`;

/** kubeadm's shape with stub domains, and a zone for each option of the kubernetes plugin. */
export const CLUSTER = `(kube) {
  bind 127.0.0.1
  errors
}
.:PORT {
  import kube
  kubernetes cluster.local in-addr.arpa ip6.arpa {
    kubeconfig KUBECONFIG
    pods insecure
    fallthrough in-addr.arpa ip6.arpa
    ttl 30
  }
  forward . 127.0.0.1:UPSTREAM
  loadbalance
}
corp.test:PORT zone.test:PORT refuse.test:PORT {
  import kube
  forward . 127.0.0.1:UPSTREAM
}
nowhere.invalid:PORT {
  import kube
  acl {
    block
  }
}
verified.local:PORT {
  import kube
  autopath @kubernetes
  acl {
    filter type MX net 10.0.0.0/8
    block type MX net 192.0.2.1 127.0.0.0/8
    block type SOA net ::/0
    filter type SOA
  }
  kubernetes {
    kubeconfig KUBECONFIG
    pods verified
    endpoint_pod_names
    ttl 7
  }
}
some.local:PORT {
  import kube
  kubernetes some.local 10.96.20.0/24 {
    kubeconfig KUBECONFIG
    namespaces my
    fallthrough
  }
  template IN ANY some.local {
    match "\\.prod\\.svc\\."
    answer "{{ .Name }} 9 IN TXT \\"{{ .Type }} {{ .Class }} {{ .Zone }}\\""
    fallthrough
  }
  forward some.local 127.0.0.1:UPSTREAM
}
labels.local:PORT {
  import kube
  kubernetes {
    kubeconfig KUBECONFIG
    namespace_labels team in (x, z)
  }
}
tier.local:PORT {
  import kube
  kubernetes tier.local 10.96.10.0/24 {
    kubeconfig KUBECONFIG
    labels tier=front, !hidden
  }
}
empty.local:PORT {
  import kube
  kubernetes {
    kubeconfig KUBECONFIG
    ignore empty_service
  }
}
zonal.local:PORT {
  import kube
  kubernetes {
    kubeconfig KUBECONFIG
    zonal
  }
}
noend.local:PORT {
  import kube
  kubernetes noend.local in-addr.arpa {
    kubeconfig KUBECONFIG
    noendpoints
  }
}
ext.test:PORT {
  import kube
  k8s_external ext.test {
    headless
    ttl 11
  }
  kubernetes cluster.local {
    kubeconfig KUBECONFIG
  }
}
`;

/** Rewrites, hosts, local names and templates before the cluster. */
export const REWRITES = `.:PORT {
  bind 127.0.0.1
  local
  any
  rewrite stop name exact old.example.test web.my.svc.cluster.local
  rewrite name suffix .short.test .my.svc.cluster.local answer auto
  rewrite name suffix .bare.test .my.svc.cluster.local
  rewrite name prefix dev- prod-
  rewrite name substring staging my answer auto
  rewrite name regex (.*)\\.region\\.example\\.test {1}.my.svc.cluster.local answer name (.*)\\.my\\.svc\\.cluster\\.local {1}.region.example.test
  rewrite name regex ^v([0-9]+)-([a-z]+)\\.values\\.test\\.$ {2}.my.svc.cluster.local answer auto answer value (.*)\\.cluster\\.local\\. {1}.example.test
  rewrite continue {
    ttl exact plain.my.svc.cluster.local 100-200
  }
  rewrite type AAAA A
  rewrite continue rcode suffix lost.test NXDOMAIN NOERROR
  hosts FOLDER/hosts first.test {
    192.0.2.1 a.first.test b.first.test
    192.0.2.2 a.first.test
    2001:db8::1 a.first.test
    fallthrough a.fall.first.test
  }
  kubernetes cluster.local 96.10.in-addr.arpa {
    kubeconfig KUBECONFIG
  }
  forward corp.test 127.0.0.1:UPSTREAM {
    except w.corp.test
  }
  forward lost.test 127.0.0.1:UPSTREAM
  whoami
}
`;

export const HOSTS_FILE = `# a file
192.0.2.9 file.first.test # not this
192.0.2.10 outside.test
not-an-address x.first.test
`;
