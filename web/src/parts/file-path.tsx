/** A file, with the folder that it lies in; where that is stands in the hover text. */
export function FilePath({ path }: { readonly path: string }) {
  return (
    <span className="m" title={path}>
      {path.split('/').slice(-2).join('/')}
    </span>
  );
}
