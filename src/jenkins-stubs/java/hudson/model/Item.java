package hudson.model;

public interface Item extends hudson.security.AccessControlled {
    hudson.security.Permission READ = null;
}

// stub: hudson.model.Item READ s:hudson.security.AccessControlled
