import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A project of a user in a folder of its own, for tests that need real files. */
export class ProjectFolder {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async make(files: Readonly<Record<string, string>> = {}): Promise<ProjectFolder> {
    const project = new ProjectFolder(await realpath(await mkdtemp(join(tmpdir(), 'millrace-project-'))));
    for (const [name, text] of Object.entries(files)) await project.write(name, text);
    return project;
  }

  get home(): string {
    return join(this.path, '.millrace');
  }

  file(name: string): string {
    return join(this.path, name);
  }

  async write(name: string, text: string): Promise<string> {
    const path = this.file(name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    return path;
  }

  remove(): Promise<void> {
    return rm(this.path, { recursive: true, force: true });
  }
}
