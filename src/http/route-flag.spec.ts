import { RouteConfig } from '@nestjs/platform-fastify';
import { routeFlag } from './route-flag.js';

const [red, round, sweet] = [routeFlag('red'), routeFlag('round'), routeFlag('sweet')];

class Fruit {
  @red.mark()
  @round.mark()
  cherry(): string {
    return 'cherry';
  }
}

describe('flags of a route', () => {
  it('stand beside each other', () => {
    const method = Object.getOwnPropertyDescriptor(Fruit.prototype, 'cherry')?.value;
    const config = Reflect.getMetadata(RouteConfig({}).KEY, method);
    const request = { routeOptions: { config } };

    expect([red, round, sweet].map((flag) => flag.isOn(request))).toEqual([true, true, false]);
  });

  it('are off where a route has none', () => {
    expect(red.isOn({ routeOptions: {} })).toBe(false);
  });
});
