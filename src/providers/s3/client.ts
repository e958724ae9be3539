import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import type { Connection } from '../../model/connection.ts';
import { extraText } from '../connections.ts';
import { loadPeer } from '../peer.ts';

/** The SDK's module, loaded at first use. */
export function loadSdk(): Promise<typeof import('@aws-sdk/client-s3')> {
  return loadPeer('@aws-sdk/client-s3', () => import('@aws-sdk/client-s3'));
}

const clients = new Map<string, Promise<S3Client>>();

/**
 * The client of this process for a connection of type `aws`: login and password are access key and secret; `extra` may
 * have aws_session_token, region_name, endpoint_url and addressing_style (`path` or `virtual`; `path` for a custom
 * endpoint). What is missing the SDK finds by its own chain: environment, profile, role. Idle sockets do not keep the
 * process alive.
 */
export function s3Client(connection: Connection): Promise<S3Client> {
  const config = clientConfig(connection);
  const key = JSON.stringify(config);
  let client = clients.get(key);
  if (!client) {
    client = loadSdk().then((sdk) => new sdk.S3Client(config));
    clients.set(key, client);
    client.catch(() => clients.delete(key));
  }
  return client;
}

function clientConfig(connection: Connection): S3ClientConfig {
  const { login, password } = connection;
  const endpoint = extraText(connection, 'endpoint_url', 'host') ?? hostEndpoint(connection);
  const region = extraText(connection, 'region_name', 'region') ?? (endpoint === undefined ? undefined : 'us-east-1');
  const sessionToken = extraText(connection, 'aws_session_token', 'session_token');
  const style = extraText(connection, 'addressing_style');
  return {
    ...(region === undefined ? {} : { region }),
    ...(login === undefined || password === undefined
      ? {}
      : {
          credentials: {
            accessKeyId: login,
            secretAccessKey: password,
            ...(sessionToken === undefined ? {} : { sessionToken }),
          },
        }),
    ...(endpoint === undefined
      ? {}
      : {
          endpoint,
          // Stores that are not Amazon's often know neither the newer checksums nor a host name for every bucket.
          forcePathStyle: style !== 'virtual',
          requestChecksumCalculation: 'WHEN_REQUIRED',
          responseChecksumValidation: 'WHEN_REQUIRED',
        }),
    ...(endpoint === undefined && style === 'path' ? { forcePathStyle: true } : {}),
  };
}

/** `aws://key:secret@localhost:9000` reaches a store at that host. */
function hostEndpoint({ host, port, schema }: Connection): string | undefined {
  if (host === undefined) return undefined;
  const scheme = schema === 'https' || port === 443 ? 'https' : 'http';
  return `${scheme}://${host}${port === undefined ? '' : `:${port}`}`;
}
