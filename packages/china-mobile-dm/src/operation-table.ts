import { Code, type ResponseCode } from '@yaolian/coap';

/** One row of profile A's operation table: who asks what of whom, and every code that may come back. */
export interface TabledOperation {
  readonly operation: string;
  readonly from: 'terminal' | 'platform';
  readonly methods: readonly number[];
  /** As the documents write it. */
  readonly request: string;
  readonly success: ResponseCode;
  readonly failures: readonly ResponseCode[];
}

const { GET, POST, PUT, DELETE } = Code;
const { Created, Deleted, Changed, Content } = Code;
const { BadRequest, Unauthorized, Forbidden, NotFound, MethodNotAllowed, NotAcceptable, UnsupportedContentFormat } =
  Code;
const management = [BadRequest, Unauthorized, NotFound, MethodNotAllowed] as const;

/** The operations of profile A with exactly its codes (platform specification §8). */
export const operationTable = {
  bootstrapRequest: {
    operation: 'Bootstrap request',
    from: 'terminal',
    methods: [POST],
    request: '/bs?ep=',
    success: Changed,
    failures: [BadRequest, UnsupportedContentFormat],
  },
  bootstrapWrite: {
    operation: 'Bootstrap write',
    from: 'platform',
    methods: [PUT],
    request: '/0/0',
    success: Changed,
    failures: [BadRequest],
  },
  bootstrapFinish: {
    operation: 'Bootstrap finish',
    from: 'platform',
    methods: [POST],
    request: '/bs',
    success: Changed,
    failures: [BadRequest],
  },
  register: {
    operation: 'Register',
    from: 'terminal',
    methods: [POST],
    request: '/rd?ep=&lt=&lwm2m=&b=',
    success: Created,
    failures: [BadRequest, Forbidden],
  },
  update: {
    operation: 'Update',
    from: 'terminal',
    methods: [POST],
    request: '/{location}?lt=&lwm2m=&b=',
    success: Changed,
    failures: [BadRequest, NotFound],
  },
  deregister: {
    operation: 'De-register',
    from: 'terminal',
    methods: [DELETE],
    request: '/{location}',
    success: Deleted,
    failures: [BadRequest, NotFound],
  },
  read: {
    operation: 'Read, Discover',
    from: 'platform',
    methods: [GET],
    request: '/{object}/{instance}/{resource}',
    success: Content,
    failures: [...management, NotAcceptable],
  },
  write: {
    operation: 'Write',
    from: 'platform',
    methods: [PUT, POST],
    request: '/{object}/{instance}/{resource}',
    success: Changed,
    failures: management,
  },
  writeAttributes: {
    operation: 'Write-Attributes',
    from: 'platform',
    methods: [PUT],
    request: '/{object}/{instance}/{resource}?pmin=&pmax=&gt=&lt=&stp=',
    success: Changed,
    failures: management,
  },
  execute: {
    operation: 'Execute',
    from: 'platform',
    methods: [POST],
    request: '/{object}/{instance}/{resource}',
    success: Changed,
    failures: management,
  },
  create: {
    operation: 'Create',
    from: 'platform',
    methods: [POST],
    request: '/{object}',
    success: Created,
    failures: management,
  },
  delete: {
    operation: 'Delete',
    from: 'platform',
    methods: [DELETE],
    request: '/{object}/{instance}',
    success: Deleted,
    failures: management,
  },
  observe: {
    operation: 'Observe, cancel observation',
    from: 'platform',
    methods: [GET],
    request: '/{object}/{instance}/{resource}, Observe 0 or 1',
    success: Content,
    failures: management,
  },
} as const satisfies Readonly<Record<string, TabledOperation>>;

export type OperationName = keyof typeof operationTable;

/** Whether the table has `code` as an answer to an operation. */
export function isTabledAnswer(operation: OperationName, code: ResponseCode): boolean {
  const row: TabledOperation = operationTable[operation];
  return code === row.success || row.failures.includes(code);
}
