import { systemClock } from '../../../model/clock.ts';
import { type Asked, amended } from './asked.ts';
import { REST_DIFFERENCES, type RestDifference } from './differences.ts';
import { NOT_BUILT, type NotBuilt } from './not-built.ts';
import type { Expected, Probe, RestRequest, RestStep, Scenario } from './rest-case.ts';
import { type Answer, RestSession, type Saved, valueAt } from './rest-session.ts';
import { mismatch } from './template-match.ts';

export type RestFinding =
  | { readonly result: 'agree'; readonly probe: Probe }
  | { readonly result: 'documented difference'; readonly probe: Probe; readonly differences: readonly RestDifference[] }
  | { readonly result: 'not built'; readonly probe: Probe; readonly of: NotBuilt }
  | { readonly result: 'disagree'; readonly probe: Probe; readonly why: string; readonly got: unknown };

export interface RestCases {
  readonly setup: readonly RestStep[];
  readonly scenarios: readonly Scenario[];
}

const LOOK_MS = 200;

/** Brings a fresh server to the known state, then probes it: what changes nothing first. */
export async function examineRest(
  { setup, scenarios }: RestCases,
  server: { readonly url: string; readonly token?: string | undefined },
): Promise<readonly RestFinding[]> {
  const session = new RestSession(server.url, server.token);
  const known: Saved = new Map();
  await steps(session, setup, known, () => {});
  const findings: RestFinding[] = [];
  const ordered = [...scenarios].sort((a, b) => Number(b.reads_only ?? false) - Number(a.reads_only ?? false));
  for (const scenario of ordered) {
    await steps(session, scenario.steps, new Map(known), (finding) => findings.push(finding));
  }
  return findings;
}

async function steps(
  session: RestSession,
  list: readonly RestStep[],
  saved: Saved,
  found: (finding: RestFinding) => void,
): Promise<void> {
  let stuck: string | undefined;
  const before: RestRequest[] = [];
  for (const step of list) {
    const expected = step.do === 'probe' ? step.expected : { status: 200 };
    const asked: Asked = { request: step.request, before: [...before], expected };
    const of = NOT_BUILT.find((each) => 'matches' in each && each.matches(asked));
    before.push(step.request);
    if (of) {
      if (step.do === 'probe') found({ result: 'not built', probe: step, of });
      continue;
    }
    if (stuck !== undefined) {
      if (step.do === 'probe') found({ result: 'disagree', probe: step, why: stuck, got: null });
      continue;
    }
    if (step.do === 'probe') found(await probed(session, step, { asked, saved }));
    else stuck = await done(session, step, saved);
    if (stuck !== undefined && list.every((each) => each.do !== 'probe')) throw new Error(`set-up: ${stuck}`);
  }
}

async function probed(
  session: RestSession,
  probe: Probe,
  { asked, saved }: { readonly asked: Asked; readonly saved: Saved },
): Promise<RestFinding> {
  const answer = await session.send(probe.request, saved);
  if (answer.status < 300) keep(probe, answer.body, saved);
  const why = disagreement(answer, probe.expected);
  if (why === null) return { result: 'agree', probe };
  const difference = REST_DIFFERENCES.find((each) => 'applies' in each && each.applies(asked));
  if (difference) return { result: 'documented difference', probe, differences: [difference] };
  return amendedFinding(answer, probe);
}

/** Where an answer fits as soon as what differs on purpose is set aside, and no more of that than it takes. */
function amendedFinding(answer: Answer, probe: Probe): RestFinding {
  const { expected } = probe;
  const whyNot = (amendments: readonly Amendment[]) => {
    const template = amendments.reduce((body: unknown, { amend }) => amended(body, amend), expected.body);
    return disagreement(answer, { ...expected, body: template });
  };
  let used = AMENDMENTS;
  const why = whyNot(used);
  if (why !== null) return { result: 'disagree', probe, why, got: answer.body };
  for (const each of AMENDMENTS) {
    const fewer = used.filter((other) => other !== each);
    if (whyNot(fewer) === null) used = fewer;
  }
  const of = used.find((each): each is Extract<NotBuilt, Amendment> => 'resource' in each);
  if (of) return { result: 'not built', probe, of };
  return { result: 'documented difference', probe, differences: used };
}

type Amendment = Extract<RestDifference | NotBuilt, { readonly amend: unknown }>;

const AMENDMENTS = [...NOT_BUILT, ...REST_DIFFERENCES].filter((each): each is Amendment => 'amend' in each);

function disagreement(answer: Answer, expected: Expected): string | null {
  if (answer.status !== expected.status) return `status ${answer.status}, expected ${expected.status}`;
  if (expected.content_type !== undefined && answer.type !== expected.content_type) {
    return `${answer.type}, expected ${expected.content_type}`;
  }
  if (expected.redirect !== undefined || expected.body === undefined) return null;
  return mismatch(answer.body, expected.body);
}

function keep({ save = {} }: RestStep, body: unknown, saved: Saved): void {
  for (const [name, place] of Object.entries(save)) saved.set(name, valueAt(body, place));
}

/** Undefined, or why the scenario cannot go on. */
async function done(session: RestSession, step: Exclude<RestStep, Probe>, saved: Saved): Promise<string | undefined> {
  const { method, path } = step.request;
  if (step.do === 'request') {
    const answer = await session.send(step.request, saved);
    if (!(step.status ?? [200, 201, 204]).includes(answer.status)) {
      return `${method} ${path}: status ${answer.status} ${JSON.stringify(answer.body).slice(0, 300)}`;
    }
    keep(step, answer.body, saved);
    return undefined;
  }
  const most = Math.min(step.seconds, 30) * 1000;
  for (let waited = 0; ; waited += LOOK_MS) {
    const { body } = await session.send(step.request, saved);
    const value = valueAt(body, step.at);
    if (step.in.includes(value)) {
      keep(step, body, saved);
      return undefined;
    }
    if (waited >= most)
      return `${path} ${JSON.stringify(step.request.query ?? [])} ${step.at} is ${JSON.stringify(value)}`;
    await new Promise<void>((resolve) => systemClock.after(LOOK_MS, () => resolve()));
  }
}
