export { CheckedApiClient } from './checked-api-client.ts';
