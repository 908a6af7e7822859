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
import { Store, useStore } from './store.ts';

/** 'unknown' until the platform has told whether the cookie of this browser is good. */
export const session = new Store<JsonToken | undefined | 'unknown'>('unknown');

const client = new ApiClient({ baseUrl: location.origin });

/** Calls the API. When the session has ended, the page goes back to the sign-in. */
export async function call<R extends Route>(route: R, input: RouteInput<R>): Promise<RouteResponse<R>> {
  try {
    return await client.call(route, input);
  } catch (error) {
    if (isProblem(error, 'unauthenticated')) session.set(undefined);
    throw error;
  }
}

export function isProblem(error: unknown, code: string): error is ApiProblemError {
  return error instanceof ApiProblemError && error.problem.code === code;
}

/** Asks whose session the cookie is. */
export async function resumeSession(): Promise<void> {
  try {
    session.set(await client.call(routes.showSession, {}));
  } catch (error) {
    session.set(undefined);
    if (!isProblem(error, 'unauthenticated')) throw error;
  }
}

/** @param code of the second factor; empty: none yet */
export async function signIn(name: string, password: string, code = ''): Promise<void> {
  session.set(await client.call(routes.signIn, { body: { name, password, ...(code === '' ? {} : { code }) } }));
}

export async function signOut(): Promise<void> {
  await call(routes.logout, {}).finally(() => session.set(undefined));
}

/** Whether who is signed in may do what needs `role`. The platform checks it again. */
export function useMay(role: Role): boolean {
  const present = useStore(session);
  return typeof present === 'object' && roleCovers(present.role, role);
}
