import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountAdministrationService } from './account-administration.service.js';
import { ProfileController } from './profile.controller.js';
import { User } from './user.entity.js';
import { UsersController } from './users.controller.js';
import { UsersService } from './users.service.js';

/** Who: accounts, their owners' profile, their administration. */
@Module({
  imports: [TypeOrmModule.forFeature([User])],
  controllers: [ProfileController, UsersController],
  providers: [UsersService, AccountAdministrationService],
  exports: [UsersService, AccountAdministrationService],
})
export class UsersModule {}
