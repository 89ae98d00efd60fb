package hudson.security;

public final class Permission {
    Permission() {}
}

// stub: hudson.security.Permission
