import {
  ApiClient,
  ApiProblemError,
  type JsonToken,
  type Role,
  type Route,
  type RouteInput,
  type RouteResponse,
  roleCovers,
  routes,
} from '@yaolian/contract';
import { heard, missed } from './reach.ts';
import { Renewal } from './renewal.ts';
import { Store, useStore } from './store.ts';

/** 'unknown' until the platform has told whether the cookie of this browser is good. */
export const session = new Store<JsonToken | undefined | 'unknown'>('unknown');

const client = new ApiClient({ baseUrl: location.origin });

/** What waits while the session has ended. */
export const renewal = new Renewal();

/** Calls the API. When the session has ended, it waits until the same operator has signed in again, and goes on. */
export function call<R extends Route>(route: R, input: RouteInput<R>): Promise<RouteResponse<R>> {
  return inSession(() => client.call(route, input), input.signal);
}

/** As {@link call}, with the tag by which an editor saves nothing over what somebody else changed meanwhile. */
export function callTagged<R extends Route>(route: R, input: RouteInput<R>): Promise<Tagged<RouteResponse<R>>> {
  return inSession(() => client.callTagged(route, input), input.signal);
}

export interface Tagged<T> {
  readonly value: T;
  readonly tag: string | undefined;
}

/** The precondition of saving what was edited. */
export function unlessChanged(tag: string | undefined): { readonly ifMatch?: string } {
  return tag === undefined ? {} : { ifMatch: tag };
}

async function inSession<T>(ask: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  for (;;) {
    try {
      const answer = await ask();
      heard();
      return answer;
    } catch (error) {
      missed(error);
      if (isProblem(error, 'forbidden')) void learnRole();
      if (!isProblem(error, 'unauthenticated') || typeof session.value !== 'object') throw error;
      if (!(await renewal.wait(signal))) throw error;
    }
  }
}

export function isProblem(error: unknown, code: string): error is ApiProblemError {
  return error instanceof ApiProblemError && error.problem.code === code;
}

/** An admin has given another role meanwhile: the page offers what it allows. */
async function learnRole(): Promise<void> {
  await client.call(routes.showSession, {}).then(
    (token) => session.set(token),
    () => undefined,
  );
}

/** Asks whose session the cookie is. */
export async function resumeSession(): Promise<void> {
  try {
    session.set(await client.call(routes.showSession, {}));
  } catch (error) {
    missed(error);
    session.set(undefined);
    if (!isProblem(error, 'unauthenticated')) throw error;
  }
}

/** @param code of the second factor; empty: none yet */
export async function signIn(name: string, password: string, code = ''): Promise<void> {
  begin(await client.call(routes.signIn, { body: { name, password, ...(code === '' ? {} : { code }) } }));
}

/** A session has begun: what waited for it goes on, unless it is of somebody else, who sees nothing of what was here. */
function begin(token: JsonToken): void {
  const before = session.value;
  if (typeof before === 'object' && before.operator !== token.operator) {
    location.reload();
    return;
  }
  session.set(token);
  renewal.settle(true);
}

/** Asks whether the session goes on; where it has ended, whoever was signed in is asked to begin it again. */
export function checkSession(): void {
  if (!renewal.isNeeded.value) call(routes.showSession, {}).catch(() => undefined); // the next refusal asks again
}

/** Of whoever signed in; empty when nobody has. */
export function operatorName(): string {
  return typeof session.value === 'object' ? session.value.operator : '';
}

/** Asks whether somebody has signed in meanwhile, in another tab. */
export async function lookForSession(): Promise<void> {
  if (renewal.isNeeded.value) await client.call(routes.showSession, {}).then(begin, () => undefined);
}

export async function signOut(): Promise<void> {
  try {
    await client.call(routes.logout, {});
  } catch (error) {
    if (!isProblem(error, 'unauthenticated')) throw error;
  }
  leave();
}

/** Back to the sign-in: what waited comes to nothing. */
export function leave(): void {
  session.set(undefined);
  renewal.settle(false);
}

/** Whether who is signed in may do what needs `role`. The platform checks it again. */
export function useMay(role: Role): boolean {
  const present = useStore(session);
  return typeof present === 'object' && roleCovers(present.role, role);
}
