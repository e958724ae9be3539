/** The ports of Swift's servers and of the memcached between them. */
export interface SwiftPorts {
  readonly account: number;
  readonly container: number;
  readonly object: number;
  readonly proxy: number;
  readonly cache: number;
}

export const STORAGE = ['account', 'container', 'object'] as const;
export type Storage = (typeof STORAGE)[number];

/** tempauth's user; s3api takes `account:user` as the access key and the password as the secret key. */
export const CREDENTIALS = { accessKey: 'test:tester', secretKey: 'testing' };

export interface SwiftFolders {
  /** Rings and configuration. */
  readonly etc: string;
  /** Devices; there is one, `d1`. */
  readonly devices: string;
  readonly run: string;
}

interface ConfigOptions {
  readonly folders: SwiftFolders;
  readonly ports: SwiftPorts;
  /** Name of the user that the servers run as. */
  readonly user: string;
}

type Sections = Readonly<Record<string, Readonly<Record<string, string | number>>>>;

/** One process a server, on the loopback interface, on a folder that need not be a disk of its own. */
export function storageConfig(kind: Storage, { folders, ports, user }: ConfigOptions): string {
  return ini({
    DEFAULT: {
      ...server({ folders, port: ports[kind], user }),
      devices: folders.devices,
      mount_check: 'false',
      disable_fallocate: 'true',
    },
    'pipeline:main': { pipeline: `${kind}-server` },
    [`app:${kind}-server`]: { use: `egg:swift#${kind}` },
  });
}

/** The proxy with the S3 API in front, and its users in its own file. */
export function proxyConfig({ folders, ports, user }: ConfigOptions): string {
  const [account, name] = CREDENTIALS.accessKey.split(':');
  return ini({
    DEFAULT: server({ folders, port: ports.proxy, user }),
    'pipeline:main': {
      pipeline: 'catch_errors cache s3api tempauth copy slo dlo versioned_writes symlink proxy-server',
    },
    'filter:catch_errors': { use: 'egg:swift#catch_errors' },
    'filter:cache': { use: 'egg:swift#memcache', memcache_servers: `127.0.0.1:${ports.cache}` },
    'filter:s3api': { use: 'egg:swift#s3api', location: 'us-east-1' },
    'filter:tempauth': {
      use: 'egg:swift#tempauth',
      [`user_${account}_${name}`]: `${CREDENTIALS.secretKey} .admin`,
    },
    'filter:copy': { use: 'egg:swift#copy' },
    'filter:slo': { use: 'egg:swift#slo' },
    'filter:dlo': { use: 'egg:swift#dlo' },
    'filter:versioned_writes': { use: 'egg:swift#versioned_writes', allow_object_versioning: 'true' },
    'filter:symlink': { use: 'egg:swift#symlink' },
    'app:proxy-server': { use: 'egg:swift#proxy', account_autocreate: 'true' },
  });
}

function server({ folders, port, user }: { folders: SwiftFolders; port: number; user: string }) {
  return {
    bind_ip: '127.0.0.1',
    bind_port: port,
    workers: 0,
    user,
    swift_dir: folders.etc,
    recon_cache_path: folders.run,
  };
}

function ini(sections: Sections): string {
  return Object.entries(sections)
    .map(([name, values]) => {
      const lines = Object.entries(values).map(([key, value]) => `${key} = ${value}`);
      return [`[${name}]`, ...lines].join('\n');
    })
    .join('\n\n')
    .concat('\n');
}
