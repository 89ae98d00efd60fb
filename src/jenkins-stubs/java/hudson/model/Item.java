package hudson.model;

public interface Item extends hudson.security.AccessControlled {
    hudson.security.Permission BUILD = null;
    hudson.security.Permission CONFIGURE = null;
    hudson.security.Permission READ = null;
    hudson.security.Permission EXTENDED_READ = null;

    hudson.model.ItemGroup<? extends hudson.model.Item> getParent();

    java.lang.String getFullName();
}

// stub: hudson.model.Item BUILD CONFIGURE EXTENDED_READ READ getFullName getParent s:hudson.security.AccessControlled
