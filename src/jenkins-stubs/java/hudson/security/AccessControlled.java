package hudson.security;

public interface AccessControlled {
    hudson.security.ACL getACL();

    default void checkPermission(hudson.security.Permission a0)
            throws org.springframework.security.access.AccessDeniedException {
        throw new UnsupportedOperationException("stub");
    }

    default void checkAnyPermission(hudson.security.Permission... a0)
            throws org.springframework.security.access.AccessDeniedException {
        throw new UnsupportedOperationException("stub");
    }

    default boolean hasPermission(hudson.security.Permission a0) {
        throw new UnsupportedOperationException("stub");
    }

    default boolean hasAnyPermission(hudson.security.Permission... a0) {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: hudson.security.AccessControlled -hasPermission:acegisecurity checkAnyPermission checkPermission getACL
// hasAnyPermission hasPermission:Permission
