import { MillraceError } from '../model/errors.ts';

/** Which assets must have had an event for a run to start; plain JSON. Assets and aliases are given by name. */
export type AssetCondition =
  | { readonly asset: string }
  | { readonly alias: string }
  | { readonly all: readonly AssetCondition[] }
  | { readonly any: readonly AssetCondition[] };

const FORMS = ['asset', 'alias', 'all', 'any'] as const;

/** Reads a condition, or a list, which means all of them. Throws `invalid_option`. */
export function parseAssetCondition(value: unknown): AssetCondition {
  if (Array.isArray(value)) return { all: value.map(parseAssetCondition) };
  if (typeof value === 'object' && value !== null) {
    const [form, ...others] = FORMS.filter((name) => name in value);
    const content = form && others.length === 0 ? (value as Record<string, unknown>)[form] : undefined;
    if ((form === 'asset' || form === 'alias') && typeof content === 'string') return value as AssetCondition;
    if (form === 'all' && Array.isArray(content)) return { all: content.map(parseAssetCondition) };
    if (form === 'any' && Array.isArray(content)) return { any: content.map(parseAssetCondition) };
  }
  throw new MillraceError('invalid_option', `${JSON.stringify(value) ?? typeof value} is not a condition on assets`, {
    fix: 'Write assets, or { all: [...] } or { any: [...] } with assets inside.',
  });
}

/** True when the condition is met, given which assets and aliases count as updated. */
export function isSatisfied(
  condition: AssetCondition,
  isUpdated: (leaf: { asset: string } | { alias: string }) => boolean,
): boolean {
  if ('all' in condition) return condition.all.every((each) => isSatisfied(each, isUpdated));
  if ('any' in condition) return condition.any.some((each) => isSatisfied(each, isUpdated));
  return isUpdated(condition);
}
