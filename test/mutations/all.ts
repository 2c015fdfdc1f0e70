import { clientMutations } from './clients.ts';
import { commitMutations } from './commit.ts';
import { meaningMutations } from './meaning.ts';
import type { Mutation } from './mutation.ts';
import { proofMutations } from './proof.ts';
import { searchMutations } from './search.ts';

export const mutations: readonly Mutation[] = [
  ...meaningMutations,
  ...proofMutations,
  ...clientMutations,
  ...commitMutations,
  ...searchMutations,
];
