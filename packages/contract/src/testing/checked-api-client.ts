import { Compile, type Validator } from 'typebox/compile';
import type { EventStreamInput } from '../client.ts';
import { ApiClient, type RouteInput } from '../client.ts';
import type { Route, RouteResponse } from '../route.ts';
import { EventSchema, type JsonEvent } from '../schemas/event.ts';

const validators = new Map<unknown, Validator>();

/** An {@link ApiClient} that holds every answer against the schema of its route. For tests. */
export class CheckedApiClient extends ApiClient {
  /** @throws Error when the answer is not what the contract says */
  override async call<R extends Route>(route: R, input: RouteInput<R>): Promise<RouteResponse<R>> {
    const answer = await super.call(route, input);
    if (route.response) check(route.id, route.response, answer);
    return answer;
  }

  override async *events(input: EventStreamInput = {}): AsyncGenerator<JsonEvent, void, undefined> {
    for await (const event of super.events(input)) {
      check('streamEvents', EventSchema, event);
      yield event;
    }
  }
}

function check(name: string, schema: NonNullable<Route['response']>, answer: unknown): void {
  let validator = validators.get(schema);
  if (!validator) {
    validator = Compile(schema);
    validators.set(schema, validator);
  }
  if (validator.Check(answer)) return;
  const [first] = validator.Errors(answer);
  throw new Error(`${name}: ${first?.instancePath} ${first?.message} in ${JSON.stringify(answer).slice(0, 500)}`);
}
