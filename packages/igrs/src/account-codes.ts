/**
 * The codes that answers carry (GB/T 29265.205 §7.4; the numbers are those of the originators' own client). They stand in the
 * body: in HTTP 421 to 424 mean other things.
 */
export const accountCodes = {
  success: 200,
  badRequest: 400,
  invalidToken: 420,
  userExists: 421,
  emptyPassword: 422,
  emptyVerificationCode: 423,
  deviceExists: 424,
  tooManyRequests: 429,
  serverError: 500,
} as const;

export type AccountCode = (typeof accountCodes)[keyof typeof accountCodes];
