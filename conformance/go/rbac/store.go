package main

import (
	"context"

	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	rbaclisters "k8s.io/client-go/listers/rbac/v1"
	"k8s.io/client-go/tools/cache"
	"k8s.io/kubernetes/pkg/registry/rbac/validation"
	"k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac"
)

// store is all that the authorizer looks at.
type store interface {
	validation.RoleGetter
	validation.RoleBindingLister
	validation.ClusterRoleGetter
	validation.ClusterRoleBindingLister
}

type namespaced struct{ namespace, name string }

// slices keeps the order of the lists, and says what the listers say where a role is missing.
type slices struct {
	roles               map[namespaced]*rbacv1.Role
	clusterRoles        map[string]*rbacv1.ClusterRole
	roleBindings        map[string][]*rbacv1.RoleBinding
	clusterRoleBindings []*rbacv1.ClusterRoleBinding
}

func newSlices(given objects) *slices {
	made := &slices{
		roles:               map[namespaced]*rbacv1.Role{},
		clusterRoles:        map[string]*rbacv1.ClusterRole{},
		roleBindings:        map[string][]*rbacv1.RoleBinding{},
		clusterRoleBindings: given.ClusterRoleBindings,
	}
	for _, role := range given.Roles {
		made.roles[namespaced{role.Namespace, role.Name}] = role
	}
	for _, role := range given.ClusterRoles {
		made.clusterRoles[role.Name] = role
	}
	for _, binding := range given.RoleBindings {
		made.roleBindings[binding.Namespace] = append(made.roleBindings[binding.Namespace], binding)
	}
	return made
}

func (s *slices) GetRole(_ context.Context, namespace, name string) (*rbacv1.Role, error) {
	if role := s.roles[namespaced{namespace, name}]; role != nil {
		return role, nil
	}
	return nil, apierrors.NewNotFound(rbacv1.Resource("role"), name)
}

func (s *slices) GetClusterRole(_ context.Context, name string) (*rbacv1.ClusterRole, error) {
	if role := s.clusterRoles[name]; role != nil {
		return role, nil
	}
	return nil, apierrors.NewNotFound(rbacv1.Resource("clusterrole"), name)
}

func (s *slices) ListRoleBindings(_ context.Context, namespace string) ([]*rbacv1.RoleBinding, error) {
	return s.roleBindings[namespace], nil
}

func (s *slices) ListClusterRoleBindings(context.Context) ([]*rbacv1.ClusterRoleBinding, error) {
	return s.clusterRoleBindings, nil
}

// listers is what the API server reads: informers' indexes, through the getters of its authorizer.
type listers struct {
	*rbac.RoleGetter
	*rbac.RoleBindingLister
	*rbac.ClusterRoleGetter
	*rbac.ClusterRoleBindingLister
}

func newListers(given objects) *listers {
	return &listers{
		&rbac.RoleGetter{Lister: rbaclisters.NewRoleLister(indexed(given.Roles))},
		&rbac.RoleBindingLister{Lister: rbaclisters.NewRoleBindingLister(indexed(given.RoleBindings))},
		&rbac.ClusterRoleGetter{Lister: rbaclisters.NewClusterRoleLister(indexed(given.ClusterRoles))},
		&rbac.ClusterRoleBindingLister{Lister: rbaclisters.NewClusterRoleBindingLister(indexed(given.ClusterRoleBindings))},
	}
}

func indexed[T any](objects []*T) cache.Indexer {
	byNamespace := cache.Indexers{cache.NamespaceIndex: cache.MetaNamespaceIndexFunc}
	indexer := cache.NewIndexer(cache.MetaNamespaceKeyFunc, byNamespace)
	for _, object := range objects {
		if err := indexer.Add(object); err != nil {
			panic(err)
		}
	}
	return indexer
}
