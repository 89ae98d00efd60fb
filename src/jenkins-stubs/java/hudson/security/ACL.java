package hudson.security;

public abstract class ACL {
    public static final org.springframework.security.core.Authentication SYSTEM2 = null;

    public ACL() {}

    public static org.springframework.security.core.context.SecurityContext impersonate2(
            org.springframework.security.core.Authentication a0) {
        throw new UnsupportedOperationException("stub");
    }

    public static void impersonate2(org.springframework.security.core.Authentication a0, java.lang.Runnable a1) {
        throw new UnsupportedOperationException("stub");
    }

    public static <V, T extends java.lang.Exception> V impersonate2(
            org.springframework.security.core.Authentication a0, hudson.remoting.Callable<V, T> a1) throws T {
        throw new UnsupportedOperationException("stub");
    }

    public static hudson.security.ACLContext as2(org.springframework.security.core.Authentication a0) {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: hudson.security.ACL SYSTEM2 as2 impersonate2
