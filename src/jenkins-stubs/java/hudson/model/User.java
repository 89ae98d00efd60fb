package hudson.model;

public class User extends hudson.model.AbstractModelObject {
    public org.springframework.security.core.Authentication impersonate2()
            throws org.springframework.security.core.userdetails.UsernameNotFoundException {
        throw new UnsupportedOperationException("stub");
    }

    public static hudson.model.User getById(java.lang.String a0, boolean a1) {
        throw new UnsupportedOperationException("stub");
    }

    public java.lang.String getDisplayName() {
        throw new UnsupportedOperationException("stub");
    }

    User() {}
}

// stub: hudson.model.User getById impersonate2 getDisplayName
