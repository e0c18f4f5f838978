import { PartialType } from '@nestjs/swagger';
import { CreateCategoryDto } from './create-category.dto.js';

/** A JSON merge patch (RFC 7396) of a category: what is left out stays, `null` removes; `parentId` moves it with its subtree. */
export class UpdateCategoryDto extends PartialType(CreateCategoryDto, { skipNullProperties: false }) {}
