import { type AssetCondition, isSatisfied } from '../asset-condition.ts';
import { type Case, type Verdict, verdict } from './verdict.ts';

type ConditionForm =
  | { readonly asset: string }
  | { readonly alias: string }
  | { readonly ref_name: string }
  | { readonly ref_uri: string }
  | { readonly all: readonly ConditionForm[] }
  | { readonly any: readonly ConditionForm[] };

export type AssetConditionCase = Case<
  {
    readonly condition: ConditionForm;
    readonly assets: Readonly<Record<string, string>>;
    readonly aliases: Readonly<Record<string, readonly string[]>>;
    readonly events: readonly (readonly string[])[];
  },
  { readonly satisfied: readonly boolean[] }
>;

/** Which sets of updated assets meet a condition. */
export function checkAssetCondition({ input, expected }: AssetConditionCase): Verdict {
  const condition = resolved(input.condition, input.assets);
  const satisfied = input.events.map((updated) =>
    isSatisfied(condition, (leaf) => {
      const assets = 'alias' in leaf ? (input.aliases[leaf.alias] ?? []) : [leaf.asset];
      return assets.some((asset) => updated.includes(asset));
    }),
  );
  return verdict({ satisfied }, { satisfied: expected.satisfied });
}

/** With references replaced by the assets that they name; a reference to no asset is never met. */
function resolved(form: ConditionForm, assets: Readonly<Record<string, string>>): AssetCondition {
  if ('all' in form) return { all: form.all.map((each) => resolved(each, assets)) };
  if ('any' in form) return { any: form.any.map((each) => resolved(each, assets)) };
  if ('ref_name' in form) return form.ref_name in assets ? { asset: form.ref_name } : { any: [] };
  if ('ref_uri' in form) {
    const named = Object.keys(assets).find((name) => assets[name] === form.ref_uri);
    return named === undefined ? { any: [] } : { asset: named };
  }
  return form;
}
