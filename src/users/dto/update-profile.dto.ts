import { ApiPropertyOptional } from '@nestjs/swagger';
import { ValidateIf } from 'class-validator';
import { IsDisplayName } from '../display-name.decorator.js';

/** What owners may change about their own account. */
export class UpdateProfileDto {
  /** The name to show; `null` removes it. */
  @ApiPropertyOptional({ type: String, nullable: true, maxLength: 100, example: 'Ada' })
  @ValidateIf(({ displayName }: UpdateProfileDto) => displayName !== undefined && displayName !== null)
  @IsDisplayName()
  displayName?: string | null;
}
