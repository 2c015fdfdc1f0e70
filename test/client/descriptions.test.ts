import { expect, it } from 'vitest';
import { z } from 'zod';
import { endpointList } from '../../src/client/index.ts';

type Node = z.core.JSONSchema.BaseSchema;

/** Paths of the parameters without a description. */
const undescribed = (node: Node, path = ''): string[] => {
  const branches = [...(node.anyOf ?? []), ...(node.oneOf ?? [])] as Node[];
  const members = Object.entries((node.properties ?? {}) as Record<string, Node>).filter(
    ([, it]) => Object.keys(it).length > 0, // a form also names the members that it excludes
  );
  return [
    ...branches.flatMap((branch) => undescribed(branch, path)),
    ...members.flatMap(([name, member]) => [
      ...(member.description === undefined ? [`${path}${name}`] : []),
      ...undescribed(member, `${path}${name}.`),
      ...undescribed((member.items ?? {}) as Node, `${path}${name}[].`),
    ]),
  ];
};

it.each(endpointList.map(({ call, endpoint }) => [call, endpoint.request] as const))(
  'describes every parameter of %s',
  (_, request) => {
    expect(undescribed(z.toJSONSchema(request, { io: 'input', unrepresentable: 'any' }) as Node)).toEqual([]);
  },
);
