package hudson.model;

public interface ItemGroup<T extends hudson.model.Item> {
    java.util.Collection<T> getItems();

    java.lang.String getUrl();

    default <T extends hudson.model.Item> java.util.List<T> getAllItems(java.lang.Class<T> a0) {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: hudson.model.ItemGroup getAllItems/1 getFullName getItems/0
