// `npm run generate`: writes every file that is made from the code. A test holds them equal.
import { writeFileSync } from 'node:fs';
import { generatedFiles } from './generated-files.ts';

for (const [path, content] of Object.entries(generatedFiles())) {
  writeFileSync(path, content);
  console.log(path);
}
