import { environmentExample } from '../config/example.ts';

/** Every file of the repository that is made from the code, by path. */
export const generatedFiles = (): Record<string, string> => ({
  '.env.example': environmentExample(),
});
