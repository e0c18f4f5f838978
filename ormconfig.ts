import { RefreshTokenRow } from './src/auth/sessions/refresh-token.entity.js';
import { Session } from './src/auth/sessions/session.entity.js';
import { PasswordCredential } from './src/auth/passwords/password-credential.entity.js';
import { SigningKeyRow } from './src/auth/tokens/keys/signing-key.entity.js';
import { RevocationRow } from './src/auth/tokens/revocation/revocation.entity.js';
import { readEnvironment } from './src/config/read-environment.js';
import { createDataSource } from './src/database/open-data-source.js';
import { Category } from './src/catalog/categories/category.entity.js';
import { Product } from './src/catalog/products/product.entity.js';
import { Variant } from './src/catalog/variants/variant.entity.js';
import { User } from './src/users/user.entity.js';

// For the TypeORM command line, on the same database as the app: npm run typeorm -- migration:show
export default createDataSource(readEnvironment(), {
  entities: [
    User,
    PasswordCredential,
    Session,
    RefreshTokenRow,
    SigningKeyRow,
    RevocationRow,
    Category,
    Product,
    Variant,
  ],
});
