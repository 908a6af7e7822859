import { type Problem, type ProblemCode, type ProblemDetails, problem } from '@yaolian/contract';

/** Thrown by handlers to answer with a problem. */
export class Refusal extends Error {
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ProblemCode, details: ProblemDetails = {}, headers: Readonly<Record<string, string>> = {}) {
    const body = problem(code, details);
    super(`${body.title}: ${body.detail}`);
    this.problem = body;
    this.headers = headers;
  }
}
