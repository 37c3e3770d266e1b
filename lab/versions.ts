/**
 * Every version of the lab and its checksum, in this file only. Go modules are held by the go.mod and go.sum beside their sources in lab/go,
 * and a test asserts that those name the versions and sums that stand here; a patched module brings its own.
 */
export interface GoModule {
  readonly path: string
  readonly version: string
  /** Checksum of the module's zip, as go.sum writes it. */
  readonly sum: string
}

export interface GoProgram {
  readonly name: string
  readonly package: string
  readonly ldflags?: readonly string[]
}

export interface GoBuild {
  readonly name: string
  /** Folder beneath lab/go. */
  readonly folder: string
  readonly module: GoModule
  readonly programs: readonly GoProgram[]
  readonly tags?: string
  readonly environment?: Readonly<Record<string, string>>
  /** Patched copy of the module instead of a module of our own that requires it. */
  readonly patch?: string
  /** What a patched module must itself require, in this version. */
  readonly requires?: readonly GoModule[]
  /** Cold build on two cores, for the progress line, in seconds. */
  readonly usual: number
}

const kubernetesVersion = 'k8s.io/component-base/version'

/** Its folder config/crd/standard is applied to the cluster. */
export const gatewayApi: GoModule = {
  path: 'sigs.k8s.io/gateway-api',
  version: 'v1.4.0',
  sum: 'h1:ZwlNM6zOHq0h3WUX2gfByPs2yAEsy/EenYJB78jpQfQ=',
}

/** In the order in which `up` has need of them. */
export const goBuilds: readonly GoBuild[] = [
  {
    name: 'kubernetes',
    folder: 'kubernetes',
    module: {
      path: 'k8s.io/kubernetes',
      version: 'v1.34.4',
      sum: 'h1:Yy6R4QB8C9kJPp25GFqEvX5XQwY5qzKeqD0Xx6oAcmk=',
    },
    programs: [
      {
        name: 'hyperkube',
        package: './hyperkube',
        ldflags: [
          `-X ${kubernetesVersion}.gitVersion=v1.34.4`,
          `-X ${kubernetesVersion}.gitMajor=1`,
          `-X ${kubernetesVersion}.gitMinor=34`,
          `-X ${kubernetesVersion}.gitTreeState=clean`,
          `-X ${kubernetesVersion}.buildDate=2026-02-10T12:53:36Z`,
        ],
      },
      { name: 'pause', package: './pause' },
      { name: 'netpol', package: './netpol' },
    ],
    usual: 250,
  },
  {
    name: 'coredns',
    folder: 'coredns',
    module: {
      path: 'github.com/coredns/coredns',
      version: 'v1.13.1',
      sum: 'h1:yhYvf/QVwHNjBK65RkC8d9VW91dP9XKem3BOon4eokg=',
    },
    programs: [{ name: 'coredns', package: '.' }],
    usual: 60,
  },
  {
    name: 'traefik',
    folder: 'traefik',
    module: {
      path: 'github.com/traefik/traefik/v3',
      version: 'v3.6.12',
      sum: 'h1:6pe4s7aaDTQs+AsF7KP3sM/xnq7zOVvibRQe5tw9eFo=',
    },
    programs: [{ name: 'traefik', package: './cmd/traefik' }],
    // Without the clients of DNS providers and of Amazon ECS: half of what would be compiled, and the lab has neither.
    patch: 'traefik.patch',
    requires: [gatewayApi],
    usual: 220,
  },
  {
    name: 'buildkitd',
    folder: 'buildkitd',
    module: {
      path: 'github.com/moby/buildkit',
      version: 'v0.33.1',
      sum: 'h1:UUrdifmRdRadykO+f5l8BT1CseUXst2sJHV7AmkjjxE=',
    },
    programs: [{ name: 'buildkitd', package: 'github.com/moby/buildkit/cmd/buildkitd' }],
    tags: 'seccomp',
    usual: 150,
  },
  {
    name: 'buildx',
    folder: 'buildx',
    module: {
      path: 'github.com/docker/buildx',
      version: 'v0.37.2',
      sum: 'h1:6EYElyvQe7aPnp2yDmCLa4/0jXYs8dAHfWKVO6dsFwA=',
    },
    programs: [{ name: 'buildx', package: 'github.com/docker/buildx/cmd/buildx' }],
    usual: 180,
  },
  {
    name: 'fixturedb',
    folder: 'fixturedb',
    module: {
      path: 'github.com/aquasecurity/trivy-db',
      version: 'v0.0.0-20260813095258-0e0340a01b57',
      sum: 'h1:A3Lz/9ip/qigafSxqBWcu7S8i+tJbQS7DB2V0XibOKs=',
    },
    programs: [{ name: 'fixturedb', package: '.' }],
    usual: 20,
  },
  {
    name: 'act',
    folder: 'act',
    module: {
      path: 'github.com/nektos/act',
      version: 'v0.2.89',
      sum: 'h1:d9oFeJ6jUkaVExuG+XzAaMPDqoDrNHaGeiRb8IU+N5w=',
    },
    programs: [{ name: 'act', package: '.' }],
    patch: 'act.patch',
    usual: 90,
  },
  {
    name: 'trivy',
    folder: 'trivy',
    module: {
      path: 'github.com/aquasecurity/trivy',
      version: 'v0.74.0',
      sum: 'h1:B2/h1Aehsq/zykg0jxpWUlOX7e3UXpbxjZZs/0vNlC4=',
    },
    programs: [
      {
        name: 'trivy',
        package: 'github.com/aquasecurity/trivy/cmd/trivy',
        ldflags: ['-X github.com/aquasecurity/trivy/pkg/version/app.ver=0.74.0'],
      },
    ],
    environment: { GOEXPERIMENT: 'jsonv2' },
    usual: 480,
  },
]

/** Parts that `up` does not bring: `npm run lab -- <name>`. */
export const extraNames = ['metrics-server', 'secret-operators'] as const
export type ExtraName = (typeof extraNames)[number]

export const extraBuilds: Readonly<Record<ExtraName, readonly GoBuild[]>> = {
  'metrics-server': [
    {
      name: 'metrics-server',
      folder: 'metrics-server',
      module: {
        path: 'sigs.k8s.io/metrics-server',
        version: 'v0.9.0',
        sum: 'h1:nlqqZ2H0Xfko8eJC/1qaNVVT17hu4rxndkOi22KTZ4w=',
      },
      programs: [{ name: 'metrics-server', package: 'sigs.k8s.io/metrics-server/cmd/metrics-server' }],
      usual: 120,
    },
  ],
  'secret-operators': [],
}

/** Built only where a case asks for them: what other people read evidence with. */
export const evidenceTools: readonly GoBuild[] = [
  {
    name: 'cosign',
    folder: 'cosign',
    module: {
      path: 'github.com/sigstore/cosign/v3',
      version: 'v3.1.3',
      sum: 'h1:001JQRI/PJ/5T+g/kJ1KTvKFbb322+fomc+pHDZ/6sg=',
    },
    programs: [{ name: 'cosign', package: 'github.com/sigstore/cosign/v3/cmd/cosign' }],
    usual: 240,
  },
  {
    name: 'crane',
    folder: 'crane',
    module: {
      path: 'github.com/google/go-containerregistry',
      version: 'v0.22.1',
      sum: 'h1:RZuuSYhTvlDvtsK+NkutoCZ//C0X2ebLK8X8l3ULs84=',
    },
    programs: [{ name: 'crane', package: 'github.com/google/go-containerregistry/cmd/crane' }],
    usual: 20,
  },
]

/** Its folder deploy/crds is applied to the cluster. */
export const certManager: GoModule = {
  path: 'github.com/cert-manager/cert-manager',
  version: 'v1.21.2',
  sum: 'h1:UWgoYM+KLNtRlqmoWOKjKBOBUPVHeepQ6/ac3ERJW68=',
}

/** Of its folder config/crds/bases, what kubernetes/secrets uses is applied to the cluster. */
export const externalSecrets: GoModule = {
  path: 'github.com/external-secrets/external-secrets',
  version: 'v1.3.2',
  sum: 'h1:u2J8RjlHIeF0oZCqtl92adI/uZWUwOesJIDkfql6LqQ=',
}

/** Only its VirtualService is applied, to prove the router `istio` against; its folder kubernetes holds the schemas of all. */
export const istioApi: GoModule = {
  path: 'istio.io/api',
  version: 'v1.28.0',
  sum: 'h1:0fYY9G03CAdFwE/fCkpr0v7kKsy+Hz9OCCjLNBNLbnU=',
}

/** npm of the builder image; Node itself is the one that runs the lab. */
export const npmPackage = {
  version: '11.6.2',
  integrity:
    'sha512-7iKzNfy8lWYs3zq4oFPa8EXZz5xt9gQNKJZau3B1ErLBb6bF7sBJ00x09485DOvRT2l5Gerbl3VlZNT57MxJVA==',
} as const

/** Images of the platform itself, under the names that they have in the world. */
export const platformImages = {
  pause: 'registry.k8s.io/pause:3.10.1',
  coredns: 'registry.k8s.io/coredns/coredns:v1.13.1',
  traefik: 'docker.io/library/traefik:v3.6.12',
} as const

/** Images of the extras. */
export const extraImages = {
  metricsServer: 'registry.k8s.io/metrics-server/metrics-server:v0.9.0',
} as const

/** Images that the services and their manifests ask for. */
export const worldImages = {
  node: 'docker.io/library/node:24-bookworm-slim',
  runtime: 'gcr.io/distroless/nodejs24-debian12:nonroot',
  postgres: 'docker.io/library/postgres:15-bookworm',
  prometheus: 'docker.io/prom/prometheus:v2.42.0',
  guard: 'docker.io/alpine/kubectl:1.34.4',
} as const

export const trivyDatabase = 'ghcr.io/alt-las/trivy-db:2'

/** Programs that Debian keeps; their versions are those of Debian 12 with its security updates. */
export const debianPrograms = [
  'binutils',
  'ca-certificates',
  'conntrack',
  'containerd',
  'containernetworking-plugins',
  'docker-registry',
  'git',
  'iproute2',
  'iptables',
  'kmod',
  'nftables',
  'openssl',
  'runc',
  'skopeo',
  'util-linux',
] as const
