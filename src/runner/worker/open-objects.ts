import { folderObjects } from '../../objects/folder.ts';
import type { ObjectStore } from '../../objects/objects.ts';

/** The object store of a location: `s3://bucket/prefix`, or a folder of this machine. */
export async function openObjects(location: string): Promise<ObjectStore> {
  if (!location.startsWith('s3://')) return folderObjects(location);
  const { s3Objects } = await import('../../objects/s3.ts');
  return s3Objects(location);
}
