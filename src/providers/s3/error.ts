import { MillraceError } from '../../model/errors.ts';

const FIXES: Readonly<Record<string, string>> = {
  NoSuchBucket: 'Create the bucket, or check its name, the region and the endpoint of the connection.',
  AccessDenied: 'Grant the access key the right to do this on the bucket.',
  InvalidAccessKeyId: 'Check the login (access key) of the connection.',
  SignatureDoesNotMatch: 'Check the password (secret key) of the connection.',
  ExpiredToken: 'Renew the session token of the connection.',
  CredentialsProviderError:
    'Set login and password of the connection, or give the process credentials by environment, profile or role.',
  PreconditionFailed: 'The object was replaced while it was read: run the task again.',
  ECONNREFUSED: 'Check endpoint_url of the connection, and that the store runs.',
  ENOTFOUND: 'Check endpoint_url and region_name of the connection.',
};

/** The SDK's error as Millrace's: `not_found` for a missing object, else `provider_error` with what to do. */
export function s3Error(error: unknown, where: string): unknown {
  if (MillraceError.is(error) || !(error instanceof Error)) return error;
  const metadata = (error as { $metadata?: { httpStatusCode?: number } }).$metadata;
  const code = (error as { code?: string }).code;
  if (isMissing(error)) {
    return new MillraceError('not_found', `${where} does not exist`, { cause: error });
  }
  if (metadata === undefined && code === undefined && error.name === 'Error') return error;
  const fix = FIXES[error.name] ?? (code === undefined ? undefined : FIXES[code]);
  const status = metadata?.httpStatusCode === undefined ? '' : ` (HTTP ${metadata.httpStatusCode})`;
  return new MillraceError('provider_error', `S3 ${where}: ${error.name}${status}: ${error.message}`, {
    ...(fix === undefined ? {} : { fix }),
    cause: error,
  });
}

/** True when the object is not there. A missing bucket is another error, except to HEAD, which cannot tell. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && (error.name === 'NoSuchKey' || error.name === 'NotFound');
}
