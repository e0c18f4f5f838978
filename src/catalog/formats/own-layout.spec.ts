import { OwnLayout } from './own-layout.js';

it('looks at no cell that a row does not have, however many columns there are', () => {
  const names = Array.from({ length: 990 }, (_, index) => `attribute:a${index}`);
  let looks = 0;
  const row = (width: number) => ({
    line: 2,
    width,
    cell: (name: string) => {
      looks++;
      return name === 'slug' || (width > 1 && name.startsWith('attribute:')) ? 'x' : '';
    },
  });

  const product = new OwnLayout(['slug', ...names]).productOf(
    [row(991), ...Array.from({ length: 1000 }, () => row(1))],
    'EUR',
  );

  expect(product).toMatchObject({ slug: 'x', attributes: { a0: 'x', a989: 'x' } });
  expect(looks).toBeLessThan(50_000);
});
